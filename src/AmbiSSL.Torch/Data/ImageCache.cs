using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace AmbiSSL.Torch.Data;

/// <summary>
/// The training images, decoded once and held compactly: 8-bit pixels as bytes, others as floats; eight mask pixels to a byte.
/// </summary>
public sealed class ImageCache
{
    private readonly List<Entry> _entries = [];

    /// <summary>Makes an empty cache for images of one size.</summary>
    /// <param name="shape">Size of every image.</param>
    public ImageCache(ImageShape shape) => Shape = shape;

    /// <summary>Size of every image.</summary>
    public ImageShape Shape { get; }

    /// <summary>Number of images.</summary>
    public int Count => _entries.Count;

    /// <summary>Positions of the images with at least one mask.</summary>
    public IEnumerable<int> Labeled => Enumerable.Range(0, Count).Where(i => _entries[i].Masks.Length > 0);

    /// <summary>Positions of the images without a mask.</summary>
    public IEnumerable<int> Unlabeled => Enumerable.Range(0, Count).Where(i => _entries[i].Masks.Length == 0);

    /// <summary>Most masks that any image has.</summary>
    public int MaximumAnnotators => _entries.Count == 0 ? 0 : _entries.Max(e => e.Masks.Length);

    /// <summary>Number of masks of one image; 0 where it is unlabeled.</summary>
    /// <param name="index">Position of the image.</param>
    public int AnnotationCount(int index) => _entries[index].Masks.Length;

    /// <summary>Adds an image.</summary>
    /// <param name="pixels">C·H·W finite values in [C, H, W] order.</param>
    /// <param name="annotations">A·H·W values in [A, H, W] order, nonzero is foreground; empty when unlabeled.</param>
    /// <exception cref="ArgumentException">A length does not fit the shape, or a pixel is not a finite number.</exception>
    public void Add(ReadOnlySpan<float> pixels, ReadOnlySpan<byte> annotations)
    {
        if (pixels.Length != Shape.Length)
        {
            throw new ArgumentException($"{pixels.Length} pixel values; {Shape} needs {Shape.Length}.", nameof(pixels));
        }

        for (var i = 0; i < pixels.Length; i++)
        {
            if (!float.IsFinite(pixels[i]))
            {
                throw new ArgumentException($"pixel value {i} is {pixels[i]}; pixels must be finite numbers.", nameof(pixels));
            }
        }

        if (annotations.Length % Shape.PixelCount != 0)
        {
            throw new ArgumentException(
                $"{annotations.Length} annotation values, not a multiple of {Shape.Height}x{Shape.Width} = {Shape.PixelCount}.", nameof(annotations));
        }

        var masks = new byte[annotations.Length / Shape.PixelCount][];
        for (var a = 0; a < masks.Length; a++)
        {
            masks[a] = PackBits(annotations.Slice(a * Shape.PixelCount, Shape.PixelCount));
        }

        var bytes = ToBytes(pixels);
        _entries.Add(new Entry(bytes, bytes is null ? pixels.ToArray() : null, masks));
    }

    /// <summary>Writes one image.</summary>
    /// <param name="index">Position of the image.</param>
    /// <param name="destination">Receives C·H·W values.</param>
    public void ReadPixels(int index, Span<float> destination)
    {
        var entry = _entries[index];
        if (entry.Bytes is null)
        {
            entry.Floats.CopyTo(destination);
            return;
        }

        for (var i = 0; i < entry.Bytes.Length; i++)
        {
            destination[i] = entry.Bytes[i] / 255f;
        }
    }

    /// <summary>Writes the masks of one image; where it has fewer than asked for, they are repeated in turn.</summary>
    /// <param name="index">Position of a labelled image.</param>
    /// <param name="annotators">Number of masks A to write.</param>
    /// <param name="destination">Receives A·H·W values, 0 or 1.</param>
    public void ReadAnnotations(int index, int annotators, Span<float> destination)
    {
        var masks = _entries[index].Masks;
        for (var a = 0; a < annotators; a++)
        {
            var mask = masks[a % masks.Length];
            var target = destination.Slice(a * Shape.PixelCount, Shape.PixelCount);
            for (var i = 0; i < target.Length; i++)
            {
                target[i] = Bit(mask, i);
            }
        }
    }

    /// <summary>One image with its own masks.</summary>
    /// <param name="index">Position of the image.</param>
    internal AnnotatedImage Read(int index)
    {
        var pixels = new float[Shape.Length];
        ReadPixels(index, pixels);
        var masks = _entries[index].Masks;
        var annotations = new byte[masks.Length * Shape.PixelCount];
        for (var i = 0; i < annotations.Length; i++)
        {
            annotations[i] = Bit(masks[i / Shape.PixelCount], i % Shape.PixelCount);
        }

        return new AnnotatedImage($"image {index}", "", Shape, pixels, annotations);
    }

    /// <summary>SHA-256 of every image and mask in order, in hexadecimal digits.</summary>
    internal string Checksum()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var entry in _entries)
        {
            hash.AppendData(entry.Bytes is null ? MemoryMarshal.AsBytes<float>(entry.Floats) : entry.Bytes);
            hash.AppendData(BitConverter.GetBytes(entry.Masks.Length));
            foreach (var mask in entry.Masks)
            {
                hash.AppendData(mask);
            }
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private static byte Bit(byte[] mask, int pixel) => (byte)((mask[pixel >> 3] >> (pixel & 7)) & 1);

    private static byte[]? ToBytes(ReadOnlySpan<float> pixels)
    {
        var bytes = new byte[pixels.Length];
        for (var i = 0; i < pixels.Length; i++)
        {
            var scaled = MathF.Round(pixels[i] * 255f);
            if (scaled is < 0 or > 255 || scaled / 255f != pixels[i])
            {
                return null;
            }

            bytes[i] = (byte)scaled;
        }

        return bytes;
    }

    private static byte[] PackBits(ReadOnlySpan<byte> mask)
    {
        var bits = new byte[(mask.Length + 7) / 8];
        for (var i = 0; i < mask.Length; i++)
        {
            if (mask[i] != 0)
            {
                bits[i >> 3] |= (byte)(1 << (i & 7));
            }
        }

        return bits;
    }

    private sealed record Entry(byte[]? Bytes, float[]? Floats, byte[][] Masks);
}
