using AmbiSSL.Torch.Imaging;
using AmbiSSL.Torch.Inference;

namespace AmbiSSL.Fuzz.Targets;

/// <summary>A PNG that is read row by row, as images are that do not fit into memory.</summary>
internal sealed class PngRowsTarget : PngTarget
{
    public override string Name => "png-rows";

    public override string Invariant => "Refused by name, or its rows are the same twice, and those of the whole image where that is read.";

    protected override void RequireSound(string path)
    {
        using var rows = new FileRows(path, Reading, new IntensityScale(0, 1, Window: null));
        var first = Read(rows);
        rows.Rewind();
        Require(first.AsSpan().SequenceEqual(Read(rows)), "it gives other rows when it is read again");
        if (Whole(path) is { } whole)
        {
            Require(first.AsSpan().SequenceEqual(whole), "its rows are not those of the whole image");
        }
    }

    private static float[] Read(FileRows rows)
    {
        var (channels, height, width) = (rows.Shape.Channels, rows.Shape.Height, rows.Shape.Width);
        var (values, row) = (new float[rows.Shape.Length], new float[channels * width]);
        for (var y = 0; y < height; y++)
        {
            rows.Read(row);
            for (var channel = 0; channel < channels; channel++)
            {
                row.AsSpan(channel * width, width).CopyTo(values.AsSpan(((channel * height) + y) * width));
            }
        }

        return values;
    }

    private static float[]? Whole(string path)
    {
        try
        {
            return ImageFile.ReadImage(path, Reading).ToFloats();
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}
