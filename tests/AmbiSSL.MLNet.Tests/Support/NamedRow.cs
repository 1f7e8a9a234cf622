using Microsoft.ML.Data;

namespace AmbiSSL.MLNet.Tests.Support;

/// <summary>A row that names the readers of its masks.</summary>
public sealed class NamedRow
{
    [VectorType(TinyData.Channels, TinyData.Side, TinyData.Side)]
    public float[] Image { get; set; } = [];

    public byte[] Annotations { get; set; } = [];

    public string[] Readers { get; set; } = [];

    /// <summary>The rows of <see cref="TinyData"/>, whose masks become larger from anna to ben to carl.</summary>
    public static IEnumerable<NamedRow> Of(IEnumerable<VectorRow> rows) => rows.Select(row => new NamedRow
    {
        Image = row.Image,
        Annotations = row.Annotations,
        Readers = [.. ((string[])["anna", "ben", "carl"]).Take(row.Annotations.Length / TinyData.Pixels)],
    });

    /// <summary>The same row with its masks and readers the other way around.</summary>
    public NamedRow Reversed() => new()
    {
        Image = Image, Annotations = [.. Annotations.Chunk(TinyData.Pixels).Reverse().SelectMany(mask => mask)], Readers = [.. Readers.Reverse()],
    };
}
