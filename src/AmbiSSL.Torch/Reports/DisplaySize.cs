namespace AmbiSSL.Torch.Reports;

/// <summary>Which pixels of an image a report shows: all of a small one, and of a larger one every second, third and so on.</summary>
/// <param name="Size">Size of the image.</param>
internal readonly record struct DisplaySize(ImageSize Size)
{
    private const int LongestSide = 512;

    /// <summary>Rows and columns from one shown pixel to the next.</summary>
    public int Step { get; } = (Math.Max(Size.Height, Size.Width) + LongestSide - 1) / LongestSide;

    /// <summary>Size of what is shown.</summary>
    public ImageSize Shown => new((Size.Height + Step - 1) / Step, (Size.Width + Step - 1) / Step);

    /// <summary>The shown values of a map.</summary>
    /// <param name="values">[H, W].</param>
    public T[] Of<T>(ReadOnlySpan<T> values)
    {
        var shown = new T[Shown.PixelCount];
        for (var i = 0; i < shown.Length; i++)
        {
            shown[i] = values[(i / Shown.Width * Step * Size.Width) + (i % Shown.Width * Step)];
        }

        return shown;
    }
}
