using AmbiSSL.Torch.Imaging;

namespace AmbiSSL;

/// <summary>Masks of one image by several experts.</summary>
public sealed class MaskSet
{
    /// <summary>Makes a set of masks.</summary>
    /// <param name="size">Size of each mask.</param>
    /// <param name="values">A·H·W values in [A, H, W] order, where nonzero is foreground, which are not copied; empty for no mask.</param>
    /// <param name="readers">The name of each mask's reader; null or empty where nobody is known.</param>
    /// <param name="ignored">
    /// A·H·W values in the same order, nonzero where a mask says nothing, which are not copied; null or empty where every pixel counts.
    /// </param>
    /// <exception cref="ArgumentException">
    /// The values are not a whole number of masks, or those that are ignored or the readers are not as many, or one is named twice.
    /// </exception>
    public MaskSet(ImageSize size, byte[] values, IReadOnlyList<string>? readers = null, byte[]? ignored = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Length % size.PixelCount != 0)
        {
            throw new ArgumentException(
                $"There are {values.Length} mask values, not a multiple of {size} = {size.PixelCount}; give A·H·W values, one mask after the other.",
                nameof(values));
        }

        if (ignored is { Length: > 0 } && ignored.Length != values.Length)
        {
            throw new ArgumentException(
                $"There are {values.Length} mask values and {ignored.Length} that say which of them are ignored; give one for each, or none.", nameof(ignored));
        }

        Size = size;
        Ignored = ignored is not null && ignored.AsSpan().ContainsAnyExcept((byte)0) ? ignored : [];
        Values = Ignored.Length == 0 ? values : [.. values.Select((value, i) => Ignored[i] == 0 ? value : (byte)0)];
        Readers = readers ?? [];
        if (Readers.Count > 0 && ReaderNames.Fault(Readers, Count) is { } fault)
        {
            throw new ArgumentException($"In a set of masks {fault}; name the reader of each mask, nobody twice, or no reader at all.", nameof(readers));
        }
    }

    /// <summary>Size of each mask.</summary>
    public ImageSize Size { get; }

    /// <summary>The masks in [A, H, W] order, where nonzero is foreground; ignored pixels are 0.</summary>
    public byte[] Values { get; }

    /// <summary>In the same order, nonzero where a mask says nothing; empty where every pixel counts.</summary>
    public byte[] Ignored { get; }

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

    /// <summary>Masks of 0, 1 and <see cref="MaskLabels.Ignored"/>.</summary>
    internal static MaskSet OfLabels(ImageSize size, byte[] labels, IReadOnlyList<string>? readers = null) =>
        new(size, labels, readers, labels.Contains(MaskLabels.Ignored) ? [.. labels.Select(label => (byte)(label == MaskLabels.Ignored ? 1 : 0))] : null);

    /// <summary>The middle of each mask.</summary>
    internal MaskSet Crop(ImageSize size) => size == Size ? this : With(size, values => ImageGeometry.CropCenter(values, Size, size));

    /// <summary>Scaled to another size, by the nearest pixel.</summary>
    internal MaskSet Resize(ImageSize size) => size == Size ? this : With(size, values => ImageGeometry.ResizeNearest(values, Size, size));

    private MaskSet With(ImageSize size, Func<byte[], byte[]> change) => new(size, change(Values), Readers, change(Ignored));
}
