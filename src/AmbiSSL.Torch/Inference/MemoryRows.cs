namespace AmbiSSL.Torch.Inference;

/// <summary>The rows of an image in memory.</summary>
/// <param name="pixels">[C, H, W].</param>
/// <param name="shape">Size of the image.</param>
internal sealed class MemoryRows(float[] pixels, ImageShape shape) : ImageRows
{
    private int _next;

    /// <inheritdoc/>
    public override ImageShape Shape => shape;

    /// <inheritdoc/>
    public override void Rewind() => _next = 0;

    /// <inheritdoc/>
    public override void Read(Span<float> row)
    {
        for (var channel = 0; channel < shape.Channels; channel++)
        {
            pixels.AsSpan((channel * shape.PixelCount) + (_next * shape.Width), shape.Width).CopyTo(row[(channel * shape.Width)..]);
        }

        _next++;
    }
}
