using AmbiSSL.Torch.Imaging;
using SkiaSharp;

namespace AmbiSSL.Torch.Pictures;

/// <summary>The names of classes beside their colors, in lines one below the other; nothing where there is one class.</summary>
/// <param name="classes">The classes.</param>
/// <param name="width">Width of a line.</param>
/// <param name="pixel">Side of a letter's pixel.</param>
internal sealed class ClassLegend(MaskClasses classes, int width, int pixel = 2)
{
    private static readonly SKColor TextColor = new(0xF2, 0xF2, 0xF2);

    private readonly (int Left, int Line)[] _places = Place(classes, width / pixel);

    /// <summary>Height of all lines, in pixels of the picture.</summary>
    public int Height => _places.Length == 0 ? 0 : (_places[^1].Line + 1) * LineHeight * pixel;

    // In pixels of letters: a square, a space, the name, more space.
    private static int LineHeight => PixelFont.Height + 4;

    /// <summary>The color of a class.</summary>
    public static SKColor Color(int position)
    {
        var (red, green, blue) = ClassColors.Of(position);
        return new SKColor(red, green, blue);
    }

    /// <summary>Draws it.</summary>
    public void Draw(SKCanvas canvas, float left, float top)
    {
        for (var position = 0; position < _places.Length; position++)
        {
            var (x, line) = _places[position];
            var (own, above) = (left + (x * pixel), top + (((line * LineHeight) + 2) * pixel));
            using var square = new SKPaint { Color = Color(position) };
            using var text = new SKPaint { Color = TextColor };
            canvas.DrawRect(own, above, PixelFont.Height * pixel, PixelFont.Height * pixel, square);
            PixelFont.Draw(canvas, classes.Names[position], own + ((PixelFont.Height + 2) * pixel), above, pixel, text);
        }
    }

    private static (int Left, int Line)[] Place(MaskClasses classes, int width)
    {
        if (classes.Count == 1)
        {
            return [];
        }

        var places = new (int Left, int Line)[classes.Count];
        var (left, line) = (0, 0);
        for (var position = 0; position < places.Length; position++)
        {
            var own = PixelFont.Height + 2 + (classes.Names[position].Length * PixelFont.Advance);
            (left, line) = left > 0 && left + own > width ? (0, line + 1) : (left, line);
            places[position] = (left, line);
            left += own + 8;
        }

        return places;
    }
}
