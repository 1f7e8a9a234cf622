using System.Globalization;
using System.Text.Json;
using SkiaSharp;

namespace AmbiSSL.Torch.Imaging;

/// <summary>An object's outline in COCO's format: polygons, or run lengths as numbers or as text.</summary>
internal static class CocoOutline
{
    /// <summary>Sets the foreground of an object in a mask.</summary>
    /// <param name="segmentation">
    /// Polygons <c>[[x1, y1, x2, y2, ...], ...]</c> in pixels from the upper left corner on, whose inside is all pixels with their center in one of
    /// them; or <c>{"size": [H, W], "counts": ...}</c>, whose counts are the pixels of background and foreground in turn, column by column, as
    /// numbers or compressed to text.
    /// </param>
    /// <param name="size">The image's size.</param>
    /// <param name="mask">H·W values in [H, W] order.</param>
    /// <exception cref="FormatException">It is none of these; the message says why, as the rest of a sentence.</exception>
    public static void Fill(JsonElement segmentation, ImageSize size, Span<byte> mask)
    {
        switch (segmentation.ValueKind)
        {
            case JsonValueKind.Array when segmentation.GetArrayLength() > 0:
                foreach (var polygon in Polygons(segmentation))
                {
                    OutlineFill.Polygon(polygon, size, mask);
                }

                break;
            case JsonValueKind.Object:
                FillRuns(segmentation, size, mask);
                break;
            default:
                throw new FormatException("has no segmentation; polygons or run lengths are needed, a box is not enough");
        }
    }

    /// <summary>The polygons of an object; none where it has run lengths.</summary>
    /// <param name="segmentation">As <see cref="Fill"/> takes it.</param>
    /// <exception cref="FormatException">One is no polygon; the message says why, as the rest of a sentence.</exception>
    public static IEnumerable<SKPoint[]> Polygons(JsonElement segmentation) =>
        segmentation.ValueKind == JsonValueKind.Array ? segmentation.EnumerateArray().Select(Polygon) : [];

    private static SKPoint[] Polygon(JsonElement polygon)
    {
        var numbers = polygon.ValueKind == JsonValueKind.Array && polygon.EnumerateArray().All(number => number.ValueKind == JsonValueKind.Number)
            ? polygon.EnumerateArray().Select(number => number.GetSingle()).ToArray()
            : throw new FormatException("has a polygon that is no list of numbers");
        if (numbers.Length < 6 || numbers.Length % 2 != 0 || !Array.TrueForAll(numbers, float.IsFinite))
        {
            throw new FormatException("has a polygon that is not x and y of at least three points");
        }

        // A pixel's own outline has whole numbers.
        return Array.TrueForAll(numbers, number => number is >= 0 and <= 1) && !Array.TrueForAll(numbers, float.IsInteger)
            ? throw new FormatException("has a polygon whose numbers go from 0 to 1, as parts of the image do; write them in pixels")
            : [.. Enumerable.Range(0, numbers.Length / 2).Select(point => new SKPoint(numbers[2 * point], numbers[(2 * point) + 1]))];
    }

    private static void FillRuns(JsonElement runs, ImageSize size, Span<byte> mask)
    {
        if (!runs.TryGetProperty("size", out var stored) || !runs.TryGetProperty("counts", out var counts))
        {
            throw new FormatException("has run lengths without \"size\" and \"counts\"");
        }

        if (stored.ValueKind != JsonValueKind.Array || stored.GetArrayLength() != 2
            || stored.EnumerateArray().Any(size => size.ValueKind != JsonValueKind.Number)
            || !stored[0].TryGetInt32(out var height) || !stored[1].TryGetInt32(out var width) || new ImageSize(height, width) != size)
        {
            throw new FormatException($"has run lengths for the size {stored}, but its image is {size} (height x width)");
        }

        var position = 0L;
        var isForeground = false;
        foreach (var count in counts.ValueKind == JsonValueKind.String ? Uncompressed(counts.GetString()!) : Numbers(counts))
        {
            if (count < 0 || count > size.PixelCount - position)
            {
                throw new FormatException("has run lengths that do not fit the image");
            }

            for (var end = position + count; position < end; position++)
            {
                if (isForeground)
                {
                    mask[(int)((position % size.Height * size.Width) + (position / size.Height))] = 1;
                }
            }

            isForeground = !isForeground;
        }

        if (position != size.PixelCount)
        {
            throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"has run lengths for {position} of {size.PixelCount} pixels"));
        }
    }

    private static IEnumerable<long> Numbers(JsonElement counts) =>
        counts.ValueKind == JsonValueKind.Array
            && counts.EnumerateArray().All(count => count.ValueKind == JsonValueKind.Number && count.TryGetInt64(out _))
            ? counts.EnumerateArray().Select(count => count.GetInt64())
            : throw new FormatException("has run lengths that are neither numbers nor text");

    /// <summary>
    /// Five bits a character, the lowest first, and a sixth where the number goes on; its last bit is the sign of the rest. From the fourth count on
    /// each is the difference to the one two before.
    /// </summary>
    private static List<long> Uncompressed(string text)
    {
        var counts = new List<long>();
        for (var next = 0; next < text.Length;)
        {
            var (count, shift, digit) = (0L, 0, 0x20);
            for (; (digit & 0x20) != 0; shift += 5)
            {
                digit = next < text.Length && shift < 60 && text[next] is >= '0' and <= 'o'
                    ? text[next++] - '0'
                    : throw new FormatException("has run lengths whose text is damaged");
                count |= (long)(digit & 0x1F) << shift;
            }

            count |= (digit & 0x10) != 0 ? -1L << shift : 0;
            counts.Add(counts.Count > 2 ? count + counts[^2] : count);
        }

        return counts;
    }
}
