namespace AmbiSSL.Torch.Inspection;

/// <summary>The eight ways to lay a square on itself, the first of which leaves it as it is; a rectangle has the first four alone.</summary>
internal static class SquareSymmetry
{
    /// <summary>Those of a rectangle.</summary>
    public const int OfRectangle = 4;

    private static readonly string[] Words =
    [
        "as they are", "mirrored left to right", "mirrored top to bottom", "turned by 180 degrees",
        "transposed", "turned by 90 degrees clockwise", "turned by 90 degrees counterclockwise", "mirrored along the other diagonal",
    ];

    /// <summary>How many there are for a size.</summary>
    public static int Count(ImageSize size) => size.Height == size.Width ? Words.Length : OfRectangle;

    /// <summary>What is done to masks, in words.</summary>
    public static string InWords(int orientation) => Words[orientation];

    /// <summary>Where a pixel goes.</summary>
    public static (int Y, int X) Apply(int orientation, int y, int x, ImageSize size)
    {
        var (bottom, right) = (size.Height - 1 - y, size.Width - 1 - x);
        return orientation switch
        {
            0 => (y, x),
            1 => (y, right),
            2 => (bottom, x),
            3 => (bottom, right),
            4 => (x, y),
            5 => (x, bottom),
            6 => (right, y),
            _ => (right, bottom),
        };
    }
}
