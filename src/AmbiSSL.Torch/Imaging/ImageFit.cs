namespace AmbiSSL.Torch.Imaging;

/// <summary>Crops or resizes as the options say.</summary>
internal sealed class ImageFit
{
    private readonly ImageSize? _crop;
    private readonly ImageSize? _resize;

    public ImageFit(ImageReadOptions? options)
    {
        options?.Validate();
        _crop = options?.Crop;
        _resize = options?.Resize;
    }

    /// <summary>The shape of an image afterwards.</summary>
    /// <exception cref="InvalidDataException">The image is smaller than the crop.</exception>
    public ImageShape Shape(string path, ImageShape shape)
    {
        if (_crop is { } crop && (crop.Height > shape.Height || crop.Width > shape.Width))
        {
            throw new InvalidDataException(
                $"Image '{path}' is {shape.Height}x{shape.Width} pixels (height x width), smaller than the crop {crop}; "
                + $"choose a smaller {nameof(ImageReadOptions.Crop)}, or {nameof(ImageReadOptions.Resize)}.");
        }

        return (_crop ?? _resize) is { } size ? shape with { Height = size.Height, Width = size.Width } : shape;
    }

    /// <summary>Fits the channels of an image.</summary>
    public float[] Pixels(float[] pixels, ImageSize size)
    {
        if (_crop is { } crop)
        {
            return ImageGeometry.CropCenter(pixels, size, crop);
        }

        return _resize is { } resize && resize != size ? ImageGeometry.ResizeBilinear(pixels, size, resize) : pixels;
    }

    /// <summary>Fits masks.</summary>
    public byte[] Masks(byte[] masks, ImageSize size)
    {
        if (_crop is { } crop)
        {
            return ImageGeometry.CropCenter(masks, size, crop);
        }

        return _resize is { } resize && resize != size ? ImageGeometry.ResizeNearest(masks, size, resize) : masks;
    }
}
