using System.Runtime.InteropServices;

namespace AmbiSSL.Torch.Imaging;

/// <summary>Stored pixels as the floats that they stand for.</summary>
internal static class PixelValues
{
    /// <summary>Bytes of one pixel value.</summary>
    public static int Size(this PixelType type) => type switch { PixelType.UInt8 => 1, PixelType.UInt16 => 2, _ => 4 };

    /// <summary>The type in words, as error messages say it.</summary>
    public static string InWords(this PixelType type) => type switch
    {
        PixelType.UInt8 => "8-bit integers",
        PixelType.UInt16 => "16-bit integers",
        _ => "floating-point numbers",
    };

    /// <summary>Writes stored pixels as floats.</summary>
    public static void ToFloats(PixelType type, ReadOnlySpan<byte> stored, Span<float> destination)
    {
        switch (type)
        {
            case PixelType.UInt8:
                for (var i = 0; i < stored.Length; i++)
                {
                    destination[i] = stored[i] / 255f;
                }

                break;
            case PixelType.UInt16:
                var values = MemoryMarshal.Cast<byte, ushort>(stored);
                for (var i = 0; i < values.Length; i++)
                {
                    destination[i] = values[i] / 65535f;
                }

                break;
            default:
                MemoryMarshal.Cast<byte, float>(stored).CopyTo(destination);
                break;
        }
    }
}
