using System.Text.Json;
using SkiaSharp;

namespace AmbiSSL.Torch.Imaging;

/// <summary>A region of Label Studio: a polygon in percent of the image, or a brush as packed run lengths.</summary>
internal static class LabelStudioOutline
{
    private const int ColorsAndAlpha = 4;

    /// <summary>Sets the foreground of a region in a mask.</summary>
    /// <param name="region">The region.</param>
    /// <param name="size">The image's size.</param>
    /// <param name="mask">H·W values in [H, W] order.</param>
    /// <exception cref="FormatException">It is no outline that is known; the message says why, as the rest of a sentence.</exception>
    public static void Fill(LabelStudioFile.Result region, ImageSize size, Span<byte> mask)
    {
        if (region.Rotation != 0)
        {
            throw new FormatException("was drawn on a turned image; turn it back in Label Studio, or outline the turned file");
        }

        if (Polygon(region, size) is { } polygon)
        {
            OutlineFill.Polygon(polygon, size, mask);
        }
        else if (Property(region, "rle") is { ValueKind: JsonValueKind.Array } packed)
        {
            FillBrush(packed, size, mask);
        }
        else
        {
            throw new FormatException($"is of the type '{region.Type}'; polygons and brushes are read");
        }
    }

    /// <summary>The polygon of a region, in pixels; null where it is none.</summary>
    /// <param name="region">The region.</param>
    /// <param name="size">The image's size.</param>
    /// <exception cref="FormatException">It is a faulty one; the message says why, as the rest of a sentence.</exception>
    public static SKPoint[]? Polygon(LabelStudioFile.Result region, ImageSize size) =>
        Property(region, "points") is { ValueKind: JsonValueKind.Array } points ? Points(points, size) : null;

    private static JsonElement? Property(LabelStudioFile.Result region, string name) =>
        region.Value.ValueKind == JsonValueKind.Object && region.Value.TryGetProperty(name, out var value) ? value : null;

    private static SKPoint[] Points(JsonElement points, ImageSize size)
    {
        var all = points.EnumerateArray()
            .Select(point => point.ValueKind == JsonValueKind.Array && point.GetArrayLength() == 2
                && point[0].ValueKind == JsonValueKind.Number && point[1].ValueKind == JsonValueKind.Number
                ? new SKPoint((float)(point[0].GetDouble() / 100 * size.Width), (float)(point[1].GetDouble() / 100 * size.Height))
                : throw new FormatException("has a point that is not two numbers"))
            .ToArray();
        if (!Array.TrueForAll(all, point => float.IsFinite(point.X) && float.IsFinite(point.Y)))
        {
            throw new FormatException("has a point that is far too large");
        }

        return all.Length >= 3 ? all : throw new FormatException("is a polygon of fewer than three points");
    }

    /// <summary>
    /// Unpacks a brush, bit by bit: the number of values (32 bits), the bits of a value less 1 (5), four lengths of counts less 1 (4 each); then runs, each
    /// with 1 for a value that is repeated or 0 for values one by one, the choice of a length (2), the count less 1, and the value or values. They are the
    /// pixels' red, green, blue and alpha, of which alpha says where the brush was.
    /// </summary>
    private static void FillBrush(JsonElement packed, ImageSize size, Span<byte> mask)
    {
        var bits = new BitReader([.. packed.EnumerateArray().Select(
            value => value.ValueKind == JsonValueKind.Number && value.TryGetByte(out var single) ? single : throw Damaged())]);
        var values = bits.Read(32);
        if (values != (long)ColorsAndAlpha * size.PixelCount)
        {
            throw new FormatException($"is a brush of {values} values; an image of {size} has {(long)ColorsAndAlpha * size.PixelCount}");
        }

        var valueBits = (int)bits.Read(5) + 1;
        int[] lengths = [.. Enumerable.Range(0, 4).Select(_ => (int)bits.Read(4) + 1)];
        for (var next = 0L; next < values;)
        {
            var isRun = bits.Read(1) != 0;
            var end = next + bits.Read(lengths[bits.Read(2)]) + 1;
            if (end > values)
            {
                throw Damaged();
            }

            for (var value = isRun ? bits.Read(valueBits) : 0; next < end; next++)
            {
                value = isRun ? value : bits.Read(valueBits);
                if (value != 0 && next % ColorsAndAlpha == ColorsAndAlpha - 1)
                {
                    mask[(int)(next / ColorsAndAlpha)] = 1;
                }
            }
        }
    }

    private static FormatException Damaged() => new("is a brush whose run lengths are damaged");

    private sealed class BitReader(byte[] bytes)
    {
        private long _next;

        public long Read(int count)
        {
            var value = 0L;
            for (; count > 0; count--, _next++)
            {
                value = _next / 8 < bytes.Length ? (value << 1) | ((bytes[_next / 8] >> (int)(7 - (_next % 8))) & 1L) : throw Damaged();
            }

            return value;
        }
    }
}
