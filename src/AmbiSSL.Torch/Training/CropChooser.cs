namespace AmbiSSL.Torch.Training;

/// <summary>Chooses which part of an image a step sees.</summary>
internal sealed class CropChooser
{
    // So many that small lesions beside large ones are among them.
    private const int MostPixels = 4096;

    private readonly ImageCache _images;
    private readonly WindowOptions _windows;
    private readonly Dictionary<int, int[]> _foreground = [];

    /// <param name="images">The images.</param>
    /// <param name="windows">Size of the crops, and how many are about foreground.</param>
    public CropChooser(ImageCache images, WindowOptions windows)
    {
        (_images, _windows) = (images, windows);
        if (windows.ForegroundShare > 0)
        {
            _foreground = images.Labeled.ToDictionary(index => index, index => images.ForegroundPixels(index, MostPixels));
        }
    }

    /// <summary>Crops that would cover an image: its pixels over those of a crop, rounded up.</summary>
    public int Count(int index) =>
        (_images.ShapeOf(index).PixelCount + _windows.Size.PixelCount - 1) / _windows.Size.PixelCount;

    /// <summary>
    /// The crop that random numbers stand for: anywhere in the image, or about a pixel of its foreground as far as the border allows. Where the image is smaller,
    /// it lies in the middle.
    /// </summary>
    /// <param name="index">Position of the image.</param>
    /// <param name="draws">Three numbers from 0 up to 1: for what the crop is about, and for its place.</param>
    public ImageCrop Choose(int index, ReadOnlySpan<double> draws)
    {
        var (image, crop) = (_images.ShapeOf(index).Size, _windows.Size);
        if (draws[0] < _windows.ForegroundShare && _foreground.GetValueOrDefault(index) is { Length: > 0 } pixels)
        {
            var (row, column) = Math.DivRem(pixels[(int)(draws[1] * pixels.Length)], image.Width);
            return new ImageCrop(Start(image.Height, crop.Height, row - (crop.Height / 2)), Start(image.Width, crop.Width, column - (crop.Width / 2)), crop);
        }

        return new ImageCrop(
            Start(image.Height, crop.Height, (int)(draws[1] * (image.Height - crop.Height + 1))),
            Start(image.Width, crop.Width, (int)(draws[2] * (image.Width - crop.Width + 1))),
            crop);
    }

    private static int Start(int image, int crop, int wanted) => image < crop ? (image - crop) / 2 : Math.Clamp(wanted, 0, image - crop);
}
