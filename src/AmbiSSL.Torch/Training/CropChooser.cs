namespace AmbiSSL.Torch.Training;

/// <summary>Chooses which part of an image a step sees.</summary>
internal sealed class CropChooser
{
    // So many that small lesions beside large ones are among them.
    private const int MostPixels = 4096;

    private readonly ImageCache _images;
    private readonly WindowOptions _windows;

    // Of each image, the pixels of each class that it has.
    private readonly Dictionary<int, int[][]> _foreground = [];

    /// <param name="images">The images.</param>
    /// <param name="windows">Size of the crops, and how many are about foreground.</param>
    public CropChooser(ImageCache images, WindowOptions windows)
    {
        (_images, _windows) = (images, windows);
        if (windows.ForegroundShare > 0)
        {
            _foreground = images.Labeled.ToDictionary(index => index, index => Enumerable.Range(0, images.Classes.Count)
                .Select(number => images.PixelsOf(index, number, MostPixels)).Where(pixels => pixels.Length > 0).ToArray());
        }
    }

    /// <summary>Crops that would cover an image: its pixels over those of a crop, rounded up.</summary>
    public int Count(int index) =>
        (_images.ShapeOf(index).PixelCount + _windows.Size.PixelCount - 1) / _windows.Size.PixelCount;

    /// <summary>
    /// The crop that random numbers stand for: anywhere in the image, or about a pixel of its foreground as far as the border allows, each class that it has as
    /// often as the others. Where the image is smaller, it lies in the middle.
    /// </summary>
    /// <param name="index">Position of the image.</param>
    /// <param name="draws">Three numbers from 0 up to 1: for what the crop is about, and for its place.</param>
    public ImageCrop Choose(int index, ReadOnlySpan<double> draws)
    {
        var (image, crop) = (_images.ShapeOf(index).Size, _windows.Size);
        if (draws[0] < _windows.ForegroundShare && _foreground.GetValueOrDefault(index) is { Length: > 0 } classes)
        {
            // What is left of the number that chose the class is as even as a number of its own.
            var chosen = draws[1] * classes.Length;
            var pixels = classes[(int)chosen];
            var (row, column) = Math.DivRem(pixels[(int)((chosen - (int)chosen) * pixels.Length)], image.Width);
            return new ImageCrop(Start(image.Height, crop.Height, row - (crop.Height / 2)), Start(image.Width, crop.Width, column - (crop.Width / 2)), crop);
        }

        return new ImageCrop(
            Start(image.Height, crop.Height, (int)(draws[1] * (image.Height - crop.Height + 1))),
            Start(image.Width, crop.Width, (int)(draws[2] * (image.Width - crop.Width + 1))),
            crop);
    }

    private static int Start(int image, int crop, int wanted) => image < crop ? (image - crop) / 2 : Math.Clamp(wanted, 0, image - crop);
}
