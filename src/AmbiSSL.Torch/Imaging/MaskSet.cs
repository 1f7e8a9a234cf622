using AmbiSSL.Torch.Imaging;

namespace AmbiSSL;

/// <summary>Masks of one image by several experts.</summary>
public sealed class MaskSet
{
    /// <summary>Makes a set of masks.</summary>
    /// <param name="size">Size of each mask.</param>
    /// <param name="values">A·H·W values in [A, H, W] order, where nonzero is foreground, which are not copied; empty for no mask.</param>
    /// <param name="readers">The name of each mask's reader; null or empty where nobody is known.</param>
    /// <exception cref="ArgumentException">
    /// The values are not a whole number of masks, or the readers are not as many as the masks, or one is named twice.
    /// </exception>
    public MaskSet(ImageSize size, byte[] values, IReadOnlyList<string>? readers = null)
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
        Readers = readers ?? [];
        if (Readers.Count > 0 && ReaderNames.Fault(Readers, Count) is { } fault)
        {
            throw new ArgumentException($"In a set of masks {fault}; name the reader of each mask, nobody twice, or no reader at all.", nameof(readers));
        }
    }

    /// <summary>Size of each mask.</summary>
    public ImageSize Size { get; }

    /// <summary>The masks in [A, H, W] order, where nonzero is foreground.</summary>
    public byte[] Values { get; }

    /// <summary>The name of each mask's reader; empty where nobody is known, so that the masks are a set without order.</summary>
    public IReadOnlyList<string> Readers { get; }

    /// <summary>Number of masks A; 0 where the image is unlabeled.</summary>
    public int Count => Values.Length / Size.PixelCount;

    /// <summary>One mask, [H, W].</summary>
    /// <param name="index">0 to <see cref="Count"/> - 1.</param>
    public ReadOnlySpan<byte> this[int index] => Values.AsSpan(index * Size.PixelCount, Size.PixelCount);

    /// <summary>How many of a mask's four corners are foreground: three or more where background was taken for foreground.</summary>
    /// <param name="index">0 to <see cref="Count"/> - 1.</param>
    internal int CornersInside(int index)
    {
        var mask = this[index];
        Span<byte> corners = [mask[0], mask[Size.Width - 1], mask[^Size.Width], mask[^1]];
        return corners.Length - corners.Count<byte>(0);
    }

    /// <summary>The middle of each mask.</summary>
    internal MaskSet Crop(ImageSize size) => size == Size ? this : new MaskSet(size, ImageGeometry.CropCenter(Values, Size, size), Readers);

    /// <summary>Scaled to another size, by the nearest pixel.</summary>
    internal MaskSet Resize(ImageSize size) => size == Size ? this : new MaskSet(size, ImageGeometry.ResizeNearest(Values, Size, size), Readers);
}
