using System.Buffers.Binary;
using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Imaging;
using SkiaSharp;

namespace AmbiSSL.Fuzz.Targets;

/// <summary>A PNG of 8 or 16 bits.</summary>
internal class PngTarget : ImageTarget
{
    private const int ChunkOverhead = 12;

    public override string Name => "png";

    public override string FileName => "image.png";

    /// <summary>The checksums of all chunks, up to the first whose length is none.</summary>
    public override byte[] Mend(byte[] mutant, SplitMix64 random)
    {
        var place = 8;
        while (place + ChunkOverhead <= mutant.Length)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(mutant.AsSpan(place));
            if (length > mutant.Length - place - ChunkOverhead)
            {
                break;
            }

            var end = place + 8 + (int)length;
            BinaryPrimitives.WriteUInt32BigEndian(mutant.AsSpan(end), PngChecksum.Compute(mutant.AsSpan((place + 4)..end)));
            place = end + 4;
        }

        return mutant;
    }

    protected override IReadOnlyList<byte[]> MakeSound()
    {
        using var bitmap = new SKBitmap(9, 7, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        bitmap.Erase(new SKColor(10, 200, 90, 128));
        using var data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return
        [
            Write(new ImagePixels(new ImageShape(1, 7, 9), Values<byte>(63, i => (byte)(i * 4)))),
            Write(new ImagePixels(new ImageShape(3, 5, 6), Values<ushort>(90, i => (ushort)(i * 700)))),
            Write(new ImagePixels(new ImageShape(1, 5, 6), Values<ushort>(30, i => (ushort)(i * 2000)))),
            data.ToArray(),
        ];
    }

    private static T[] Values<T>(int count, Func<int, T> value) => [.. Enumerable.Range(0, count).Select(value)];

    private static byte[] Write(ImagePixels image) => Write(path => ImageFile.Write(path, image));

    /// <summary>The bytes of a file that is written.</summary>
    protected static byte[] Write(Action<string> write)
    {
        var path = Path.GetTempFileName();
        write(path);
        var file = File.ReadAllBytes(path);
        File.Delete(path);
        return file;
    }
}
