using Microsoft.ML.Data;

namespace AmbiSSL.MLNet.Tests.Support;

/// <summary>A row whose image and masks are files; the names of three places for masks are given.</summary>
public sealed class MaskPathRow
{
    public string Id { get; set; } = "";

    public string File { get; set; } = "";

    [VectorType]
    public string[] MaskPaths { get; set; } = [];
}
