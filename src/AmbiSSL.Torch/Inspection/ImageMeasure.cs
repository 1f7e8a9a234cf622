using System.Globalization;
using System.Security.Cryptography;
using AmbiSSL.Torch.Imaging;
using AmbiSSL.Torch.Metrics;

namespace AmbiSSL.Torch.Inspection;

/// <summary>Measures one image and its masks.</summary>
internal static class ImageMeasure
{
    private const int ThumbnailSide = 16;

    /// <summary>The facts of an image.</summary>
    public static ImageFacts Of(int position, ImageRecord record, (ImageShape Shape, PixelType Type) stored, AnnotatedImage image, float beyond)
    {
        var pixels = image.Pixels.ToFloats();
        return new ImageFacts
        {
            Position = position,
            Record = record,
            Stored = stored,
            PixelCount = image.Shape.PixelCount,
            Hash = $"{image.Shape} {Hash(image.Pixels.Bytes)}",
            Low = pixels.Min(),
            High = pixels.Max(),
            Thumbnail = Thumbnail(pixels, image.Shape),
            Masks = Masks(image, record.Annotators, pixels, out var agreement),
            Agreement = agreement,
            Beyond = beyond,
            IgnoredPixels = image.Annotations.Ignored.Length - image.Annotations.Ignored.AsSpan().Count((byte)0),
        };
    }

    private static MaskFacts[] Masks(AnnotatedImage image, IReadOnlyList<int> numbers, float[] pixels, out double agreement)
    {
        var masks = image.Annotations;
        string[] readers = masks.Readers.Count > 0
            ? [.. masks.Readers]
            : [.. Enumerable.Range(0, masks.Count).Select(mask => Name(numbers.Count == masks.Count ? numbers[mask] : mask + 1))];
        var size = image.Shape.Size;
        var edges = masks.Values.AsSpan().ContainsAnyExcept((byte)0) ? Edges(pixels, image.Shape) : [];
        ClassFacts[][] classes = [.. Enumerable.Range(0, masks.Classes.Count).Select(number => Facts(masks.OfClass(number)))];
        var facts = new MaskFacts[masks.Count];
        for (var a = 0; a < facts.Length; a++)
        {
            ClassFacts[] own = [.. classes.Select(all => all[a])];
            var any = Any(masks, a);
            facts[a] = new MaskFacts(
                readers[a],
                any.Length - any.AsSpan().Count((byte)0),
                own,
                Hash(masks[a]),
                own.Average(one => one.Agreement),
                edges.Length > 0 ? EdgeFit(any, edges, size) : []);
        }

        agreement = facts.Length > 1 ? facts.Average(mask => mask.Agreement) : double.NaN;
        return facts;
    }

    private static string Name(int number) => string.Create(CultureInfo.InvariantCulture, $"mask {number}");

    private static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexString(SHA256.HashData(bytes));

    /// <summary>Facts of masks of one class.</summary>
    private static ClassFacts[] Facts(MaskSet masks)
    {
        var bits = BitMask.SetFromBytes(masks.Values, masks.Size.Height, masks.Size.Width);
        var counted = new CountedPixels(masks);
        var compared = counted.IsEmpty ? bits : counted.Masks(masks.Values);
        var overlap = new double[bits.Length, bits.Length];
        for (var a = 0; a < bits.Length; a++)
        {
            for (var b = 0; b < a; b++)
            {
                overlap[a, b] = overlap[b, a] = MaskOverlap.IntersectionOverUnion(compared[a], compared[b]);
            }
        }

        return [.. Enumerable.Range(0, bits.Length).Select(a => new ClassFacts(
            bits[a].Area,
            masks.CornersInside(a),
            Enumerable.Range(0, bits.Length).Where(b => b != a).Select(b => overlap[a, b]).DefaultIfEmpty(double.NaN).Average()))];
    }

    /// <summary>What of a mask is of any class, [H, W].</summary>
    private static byte[] Any(MaskSet masks, int mask)
    {
        var any = masks.Plane(mask, 0).ToArray();
        for (var number = 1; number < masks.Classes.Count; number++)
        {
            var plane = masks.Plane(mask, number);
            for (var pixel = 0; pixel < any.Length; pixel++)
            {
                any[pixel] |= plane[pixel];
            }
        }

        return any;
    }

    /// <summary>How much the first channel changes at each pixel, 1 on average; empty where it does nowhere.</summary>
    private static float[] Edges(float[] pixels, ImageShape shape)
    {
        var edges = new float[shape.PixelCount];
        for (var y = 0; y < shape.Height; y++)
        {
            for (var x = 0; x < shape.Width; x++)
            {
                var down = At(y + 1, x) - At(y - 1, x);
                var right = At(y, x + 1) - At(y, x - 1);
                edges[(y * shape.Width) + x] = MathF.Sqrt((down * down) + (right * right));
            }
        }

        var mean = edges.Average();
        return mean is > 0 and < float.PositiveInfinity ? Array.ConvertAll(edges, edge => edge / mean) : [];

        float At(int y, int x) => pixels[(Math.Clamp(y, 0, shape.Height - 1) * shape.Width) + Math.Clamp(x, 0, shape.Width - 1)];
    }

    /// <summary>The mean of the edges below the outline of a mask, for each orientation; empty where there is no outline.</summary>
    private static double[] EdgeFit(ReadOnlySpan<byte> mask, float[] edges, ImageSize size)
    {
        var sums = new double[SquareSymmetry.Count(size)];
        var pixels = 0;
        for (var position = 0; position < mask.Length; position++)
        {
            if (mask[position] == 0 || !IsOutline(mask, position, size))
            {
                continue;
            }

            pixels++;
            for (var orientation = 0; orientation < sums.Length; orientation++)
            {
                var (y, x) = SquareSymmetry.Apply(orientation, position / size.Width, position % size.Width, size);
                sums[orientation] += edges[(y * size.Width) + x];
            }
        }

        return pixels == 0 ? [] : Array.ConvertAll(sums, sum => sum / pixels);
    }

    private static bool IsOutline(ReadOnlySpan<byte> mask, int position, ImageSize size)
    {
        var (y, x) = (position / size.Width, position % size.Width);
        return (x > 0 && mask[position - 1] == 0) || (x < size.Width - 1 && mask[position + 1] == 0)
            || (y > 0 && mask[position - size.Width] == 0) || (y < size.Height - 1 && mask[position + size.Width] == 0);
    }

    /// <summary>The first channel at 16x16, with mean 0 and length 1.</summary>
    private static float[] Thumbnail(float[] pixels, ImageShape shape)
    {
        var small = ImageGeometry.ResizeBilinear(pixels[..shape.PixelCount], shape.Size, new ImageSize(ThumbnailSide, ThumbnailSide));
        var mean = small.Average();
        var length = MathF.Sqrt(small.Sum(value => (value - mean) * (value - mean)));
        return length is > 0 and < float.PositiveInfinity ? Array.ConvertAll(small, value => (value - mean) / length) : [];
    }
}
