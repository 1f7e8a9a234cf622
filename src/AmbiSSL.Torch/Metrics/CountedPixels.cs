namespace AmbiSSL.Torch.Metrics;

/// <summary>The pixels of an image that no reader's mask ignores; figures are of these alone, which are then one row.</summary>
internal sealed class CountedPixels
{
    private readonly int[]? _positions;
    private readonly int _pixels;

    /// <param name="masks">The readers' masks.</param>
    public CountedPixels(MaskSet masks)
    {
        Size = masks.Size;
        _pixels = masks.Size.PixelCount;
        if (masks.Ignored.Length == 0)
        {
            return;
        }

        _positions = [.. Enumerable.Range(0, _pixels).Where(pixel => IsCounted(masks, pixel))];
        Share = (double)_positions.Length / _pixels;
        Size = new ImageSize(1, _positions.Length);
    }

    /// <summary>Their share of the image.</summary>
    public double Share { get; } = 1;

    /// <summary>The size of what <see cref="Of{T}"/> gives: that of the image where every pixel counts.</summary>
    public ImageSize Size { get; }

    /// <summary>Whether there is none.</summary>
    public bool IsEmpty => _positions is { Length: 0 };

    /// <summary>Masks of these pixels.</summary>
    /// <param name="values">Values of whole masks, one after the other.</param>
    public BitMask[] Masks(ReadOnlySpan<byte> values) => BitMask.SetFromBytes(Of(values), Size.Height, Size.Width);

    /// <summary>The values of these pixels.</summary>
    /// <typeparam name="T">Type of a value.</typeparam>
    /// <param name="planes">Values of whole images, one after the other.</param>
    public ReadOnlySpan<T> Of<T>(ReadOnlySpan<T> planes)
    {
        if (_positions is null)
        {
            return planes;
        }

        var counted = new T[planes.Length / _pixels * _positions.Length];
        for (var i = 0; i < counted.Length; i++)
        {
            counted[i] = planes[(i / _positions.Length * _pixels) + _positions[i % _positions.Length]];
        }

        return counted;
    }

    /// <summary>Whole masks in which the pixels that do not count are background.</summary>
    /// <param name="masks">Masks, one after the other; the same are returned where every pixel counts.</param>
    public byte[] Placed(byte[] masks)
    {
        if (_positions is null)
        {
            return masks;
        }

        var placed = new byte[masks.Length];
        for (var start = 0; start < masks.Length; start += _pixels)
        {
            foreach (var position in _positions)
            {
                placed[start + position] = masks[start + position];
            }
        }

        return placed;
    }

    /// <summary>A whole mask of a mask of these pixels; those that do not count are background.</summary>
    /// <param name="mask">A mask of these pixels; the same is returned where every pixel counts.</param>
    public byte[] Whole(byte[] mask)
    {
        if (_positions is null)
        {
            return mask;
        }

        var whole = new byte[_pixels];
        for (var i = 0; i < mask.Length; i++)
        {
            whole[_positions[i]] = mask[i];
        }

        return whole;
    }

    private static bool IsCounted(MaskSet masks, int pixel)
    {
        for (var position = pixel; position < masks.Ignored.Length; position += masks.Size.PixelCount)
        {
            if (masks.Ignored[position] != 0)
            {
                return false;
            }
        }

        return true;
    }
}
