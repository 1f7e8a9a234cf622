namespace AmbiSSL;

/// <summary>A part of an image, which may reach beyond its border but not miss it.</summary>
/// <param name="Top">First row; negative where the part begins above the image.</param>
/// <param name="Left">First column; negative where it begins left of the image.</param>
/// <param name="Size">Size of the part.</param>
public readonly record struct ImageCrop(int Top, int Left, ImageSize Size)
{
    /// <summary>The rows of an image that the part shows.</summary>
    internal (int First, int End) Rows(ImageSize image) => (Math.Max(0, Top), Math.Min(image.Height, Top + Size.Height));

    /// <summary>The columns of an image that the part shows.</summary>
    internal (int First, int End) Columns(ImageSize image) => (Math.Max(0, Left), Math.Min(image.Width, Left + Size.Width));

    /// <summary>Whether the part lies inside an image.</summary>
    internal bool IsInside(ImageSize image) => Top >= 0 && Left >= 0 && Top + Size.Height <= image.Height && Left + Size.Width <= image.Width;

    /// <summary>The part about the same middle that another size has, larger by an even number of rows and columns.</summary>
    internal ImageCrop Grown(ImageSize size) => new(Top - ((size.Height - Size.Height) / 2), Left - ((size.Width - Size.Width) / 2), size);
}
