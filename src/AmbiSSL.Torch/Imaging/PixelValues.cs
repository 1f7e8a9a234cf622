using System.Numerics;
using System.Runtime.InteropServices;

namespace AmbiSSL.Torch.Imaging;

/// <summary>Stored pixels as the floats that they stand for.</summary>
internal static class PixelValues
{
    /// <summary>Bytes of one pixel value.</summary>
    public static int Size(this PixelType type) => type switch { PixelType.UInt8 => 1, PixelType.UInt16 => 2, _ => 4 };

    /// <summary>The value that stands for 1: the greatest of the integers; of floating-point numbers 1 itself.</summary>
    public static float Most(this PixelType type) => type switch { PixelType.UInt8 => byte.MaxValue, PixelType.UInt16 => ushort.MaxValue, _ => 1 };

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

    /// <summary>Writes pixels as they were stored, those of integers that were resized too.</summary>
    /// <param name="type">The type of the pixels.</param>
    /// <param name="source">The type that they had before they were resized.</param>
    /// <param name="stored">The pixels.</param>
    /// <param name="destination">Receives a value for each.</param>
    public static void ToStored(PixelType type, PixelType source, ReadOnlySpan<byte> stored, Span<float> destination)
    {
        switch (type)
        {
            case PixelType.UInt8:
                for (var i = 0; i < stored.Length; i++)
                {
                    destination[i] = stored[i];
                }

                break;
            case PixelType.UInt16:
                var values = MemoryMarshal.Cast<byte, ushort>(stored);
                for (var i = 0; i < values.Length; i++)
                {
                    destination[i] = values[i];
                }

                break;
            default:
                var floats = MemoryMarshal.Cast<byte, float>(stored);
                var most = source.Most();
                for (var i = 0; i < floats.Length; i++)
                {
                    destination[i] = floats[i] * most;
                }

                break;
        }
    }

    /// <summary>The least and the greatest of pixels as they were stored.</summary>
    /// <param name="type">The type of the pixels.</param>
    /// <param name="source">The type that they had before they were resized.</param>
    /// <param name="stored">The pixels, at least one.</param>
    public static IntensityRange Range(PixelType type, PixelType source, ReadOnlySpan<byte> stored)
    {
        switch (type)
        {
            case PixelType.UInt8:
                var (low, high) = Ends(stored);
                return new IntensityRange(low, high);
            case PixelType.UInt16:
                var (least, greatest) = Ends(MemoryMarshal.Cast<byte, ushort>(stored));
                return new IntensityRange(least, greatest);
            default:
                var (first, last) = Ends(MemoryMarshal.Cast<byte, float>(stored));
                return new IntensityRange(first * source.Most(), last * source.Most());
        }
    }

    private static (T Low, T High) Ends<T>(ReadOnlySpan<T> values)
        where T : unmanaged, INumber<T>
    {
        var (low, high) = (values[0], values[0]);
        foreach (var value in values)
        {
            low = T.Min(low, value);
            high = T.Max(high, value);
        }

        return (low, high);
    }
}
