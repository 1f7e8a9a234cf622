using SkiaSharp;

namespace AmbiSSL.Fuzz.Targets;

/// <summary>A JPEG, gray or in color.</summary>
internal sealed class JpegTarget : ImageTarget
{
    public override string Name => "jpeg";

    public override string FileName => "image.jpg";

    protected override IReadOnlyList<byte[]> MakeSound() => [Encode(SKColorType.Gray8), Encode(SKColorType.Rgba8888)];

    private static byte[] Encode(SKColorType type)
    {
        using var bitmap = new SKBitmap(17, 19, type, SKAlphaType.Opaque);
        bitmap.Erase(SKColors.DarkGray);
        bitmap.SetPixel(3, 4, SKColors.Orange);
        using var data = bitmap.Encode(SKEncodedImageFormat.Jpeg, 80);
        return data.ToArray();
    }
}
