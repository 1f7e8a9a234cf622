using SkiaSharp;

namespace AmbiSSL.Torch.Pictures;

/// <summary>The outlines of masks on sheets of images.</summary>
internal static class Outlines
{
    /// <summary>The color between the images.</summary>
    public static readonly SKColor Background = new(0x14, 0x16, 0x1A);

    private static readonly SKColor[] ExpertColors =
    [
        new(0xFF, 0xB7, 0x03), new(0xFB, 0x6F, 0x92), new(0x80, 0xED, 0x99), new(0x4C, 0xC9, 0xF0), new(0xC7, 0x7D, 0xFF), new(0xF2, 0xF2, 0xF2),
    ];

    /// <summary>The color of an expert; after six they begin again.</summary>
    public static SKColor Color(int expert) => ExpertColors[expert % ExpertColors.Length];

    private const float Width = 1.6f;

    /// <summary>
    /// Draws the outlines of a mask: of one class in a color, of several in those of the classes, each on its own side of the edge, so that neighbors
    /// are both seen.
    /// </summary>
    public static void Draw(SKCanvas canvas, MaskSet masks, int index, SKColor color, float scale)
    {
        // The first class last, so that the edge that it shares with what is around it shows it.
        for (var position = masks.Classes.Count - 1; position >= 0; position--)
        {
            var (own, inset) = masks.Classes.Count == 1 ? (color, 0) : (ClassLegend.Color(position), Width / scale / 2);
            Draw(canvas, masks.Plane(index, position), masks.Size, own, scale, inset);
        }
    }

    // Draws the edges between foreground and background pixels, on a canvas that is scaled up.
    private static void Draw(SKCanvas canvas, ReadOnlySpan<byte> mask, ImageSize size, SKColor color, float scale, float inset)
    {
        using var paint = new SKPaint
        {
            Color = color, IsStroke = true, StrokeWidth = Width / scale, StrokeCap = SKStrokeCap.Square, IsAntialias = true,
        };
        for (var i = 0; i < mask.Length; i++)
        {
            var (y, x) = (i / size.Width, i % size.Width);
            if (mask[i] == 0)
            {
                continue;
            }

            if (x == 0 || mask[i - 1] == 0)
            {
                canvas.DrawLine(x + inset, y + inset, x + inset, y + 1 - inset, paint);
            }

            if (x == size.Width - 1 || mask[i + 1] == 0)
            {
                canvas.DrawLine(x + 1 - inset, y + inset, x + 1 - inset, y + 1 - inset, paint);
            }

            if (y == 0 || mask[i - size.Width] == 0)
            {
                canvas.DrawLine(x + inset, y + inset, x + 1 - inset, y + inset, paint);
            }

            if (y == size.Height - 1 || mask[i + size.Width] == 0)
            {
                canvas.DrawLine(x + inset, y + 1 - inset, x + 1 - inset, y + 1 - inset, paint);
            }
        }
    }
}
