using SkiaSharp;

namespace AmbiSSL.Torch.Pictures;

/// <summary>Makes pictures of arrays, a pixel for each value. The caller disposes them.</summary>
internal static class Raster
{
    /// <summary>An image stretched to its own range of values; its first three channels, or its first one in gray.</summary>
    public static SKImage Of(ImagePixels image)
    {
        var shape = image.Shape;
        var pixels = image.ToFloats();
        var (low, high) = (pixels.Min(), pixels.Max());
        var range = high > low ? high - low : 1;
        var (green, blue) = shape.Channels >= 3 ? (1, 2) : (0, 0);
        byte Level(int channel, int i) => (byte)(255 * (pixels[(channel * shape.PixelCount) + i] - low) / range);
        return Of(shape.Size, i => new SKColor(Level(0, i), Level(green, i), Level(blue, i)));
    }

    /// <summary>A map of values from 0 to a largest one, [H, W], in colors.</summary>
    public static SKImage Of(ReadOnlyMemory<float> map, ImageSize size, ColorScale colors, double largest = 1) =>
        Of(size, i => colors[(float)(map.Span[i] / largest)]);

    private static SKImage Of(ImageSize size, Func<int, SKColor> color)
    {
        var bytes = new byte[4 * size.PixelCount];
        for (var i = 0; i < size.PixelCount; i++)
        {
            var own = color(i);
            (bytes[4 * i], bytes[(4 * i) + 1], bytes[(4 * i) + 2], bytes[(4 * i) + 3]) = (own.Red, own.Green, own.Blue, byte.MaxValue);
        }

        return SKImage.FromPixelCopy(new SKImageInfo(size.Width, size.Height, SKColorType.Rgba8888, SKAlphaType.Opaque), bytes);
    }
}
