namespace AmbiSSL.Torch.Inference;

/// <summary>The rows of an image as a model sees them, one after the other from the first one on.</summary>
internal abstract class ImageRows
{
    /// <summary>Size of the image.</summary>
    public abstract ImageShape Shape { get; }

    /// <summary>Begins with the first row again.</summary>
    public abstract void Rewind();

    /// <summary>Writes the next row.</summary>
    /// <param name="row">Receives C·W values, one channel after the other.</param>
    public abstract void Read(Span<float> row);

    /// <summary>A number that depends on every value (FNV-1a). The next row is the first one then.</summary>
    public ulong Hash()
    {
        var row = new float[Shape.Channels * Shape.Width];
        var hash = new ValueHash();
        Rewind();
        for (var y = 0; y < Shape.Height; y++)
        {
            Read(row);
            hash.Add(row);
        }

        Rewind();
        return hash.Value;
    }
}
