using AmbiSSL.Torch.Imaging;

namespace AmbiSSL;

/// <summary>Masks of one image by several experts.</summary>
public sealed class MaskSet
{
    /// <summary>Makes a set of masks.</summary>
    /// <param name="size">Size of each mask.</param>
    /// <param name="values">A·H·W values in [A, H, W] order, where nonzero is foreground, which are not copied; empty for no mask.</param>
    /// <exception cref="ArgumentException">The values are not a whole number of masks.</exception>
    public MaskSet(ImageSize size, byte[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Length % size.PixelCount != 0)
        {
            throw new ArgumentException(
                $"There are {values.Length} mask values, not a multiple of {size} = {size.PixelCount}; give A·H·W values, one mask after the other.",
                nameof(values));
        }

        Size = size;
        Values = values;
    }

    /// <summary>Size of each mask.</summary>
    public ImageSize Size { get; }

    /// <summary>The masks in [A, H, W] order, where nonzero is foreground.</summary>
    public byte[] Values { get; }

    /// <summary>Number of masks A; 0 where the image is unlabeled.</summary>
    public int Count => Values.Length / Size.PixelCount;

    /// <summary>One mask, [H, W].</summary>
    /// <param name="index">0 to <see cref="Count"/> - 1.</param>
    public ReadOnlySpan<byte> this[int index] => Values.AsSpan(index * Size.PixelCount, Size.PixelCount);

    /// <summary>The middle of each mask.</summary>
    internal MaskSet Crop(ImageSize size) => size == Size ? this : new MaskSet(size, ImageGeometry.CropCenter(Values, Size, size));

    /// <summary>Scaled to another size, by the nearest pixel.</summary>
    internal MaskSet Resize(ImageSize size) => size == Size ? this : new MaskSet(size, ImageGeometry.ResizeNearest(Values, Size, size));
}
