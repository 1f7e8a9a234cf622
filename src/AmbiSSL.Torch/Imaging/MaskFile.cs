using System.Numerics;
using System.Runtime.InteropServices;

namespace AmbiSSL.Torch.Imaging;

/// <summary>Reads mask files.</summary>
internal static class MaskFile
{
    /// <summary>Reads a mask as 0 or 1, a plane for each class, and which of its pixels are ignored.</summary>
    /// <param name="path">The file.</param>
    /// <param name="reading">The largest mask that is read, what its values stand for, and how it stands; null for the default values.</param>
    /// <param name="accept">Throws where the size is not what is wanted; called before the pixels are read.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">
    /// The file is no readable PNG or JPEG, is too large, or leaves a doubt what its values stand for.
    /// </exception>
    /// <returns>One mask, of one class where each has a file of its own.</returns>
    public static MaskSet Read(string path, ReadingOptions? reading = null, Action<ImageSize>? accept = null)
    {
        var orientation = ExifOrientation.Upright;
        void Accept(ImageHeader header)
        {
            orientation = header.IsUpright || reading is { Orientation: ImageOrientation.Stored } ? ExifOrientation.Upright : header.Orientation;
            accept?.Invoke(ExifOrientation.Turn(header.Shape, orientation).Size);
            if (orientation != ExifOrientation.Upright && reading is not { Orientation: ImageOrientation.Upright })
            {
                throw new InvalidDataException(
                    $"Mask '{path}' has the EXIF orientation {orientation}: as a viewer shows it, it is {header.UprightShape.Size} pixels (height x width), "
                    + $"and as it is stored {header.Shape.Size}. Save it without, or say with {nameof(ReadingOptions.Orientation)} (--orientation) "
                    + "whether images and masks are meant upright or as they are stored.");
            }
        }

        var image = ImageFile.ReadImage(path, reading, Accept, withAlpha: true).Turn(orientation);
        return image.Type == PixelType.UInt8
            ? Read(path, image.Values<byte>(), image.Shape, reading)
            : Read(path, image.Values<ushort>(), image.Shape, reading);
    }

    private static MaskSet Read<T>(string path, ReadOnlySpan<T> values, ImageShape shape, ReadingOptions? reading)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        var planes = new Planes<T>(values, shape);
        var counts = new Dictionary<ulong, int>();
        for (var pixel = 0; pixel < shape.PixelCount;)
        {
            var end = planes.EndOfRun(pixel);
            CollectionsMarshal.GetValueRefOrAddDefault(counts, planes[pixel], out _) += end - pixel;
            pixel = end;
        }

        var numbers = MaskLabels.Of(path, counts, ushort.CreateChecked(T.MaxValue), reading);
        var mask = new byte[shape.PixelCount];
        for (var pixel = 0; pixel < mask.Length;)
        {
            var (number, end) = (numbers[planes[pixel]], planes.EndOfRun(pixel));
            if (number != 0)
            {
                mask.AsSpan(pixel, end - pixel).Fill(number);
            }

            pixel = end;
        }

        return MaskSet.OfLabels(shape.Size, mask, classes: reading?.LabelClasses);
    }

    /// <summary>Gray or color, and the alpha where there is one, pixel by pixel.</summary>
    private readonly ref struct Planes<T>(ReadOnlySpan<T> values, ImageShape shape)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        private static readonly ushort Largest = ushort.CreateChecked(T.MaxValue);
        private readonly ReadOnlySpan<T> _values = values;
        private readonly int _plane = shape.PixelCount;

        public ulong this[int pixel] => shape.Channels switch
        {
            1 => MaskValue.Gray(Part(0, pixel)),
            2 => MaskValue.WithAlpha(MaskValue.Gray(Part(0, pixel)), Part(1, pixel), Largest),
            3 => Color(pixel),
            _ => MaskValue.WithAlpha(Color(pixel), Part(3, pixel), Largest),
        };

        /// <summary>The position after the last of the pixels, one after the other, that are as one is.</summary>
        public int EndOfRun(int pixel)
        {
            // Gray is compared many values at a time.
            if (shape.Channels == 1)
            {
                var length = _values[pixel..].IndexOfAnyExcept(_values[pixel]);
                return length < 0 ? _plane : pixel + length;
            }

            var end = pixel + 1;
            while (end < _plane && this[end] == this[pixel])
            {
                end++;
            }

            return end;
        }

        private ulong Color(int pixel) => MaskValue.Color(Part(0, pixel), Part(1, pixel), Part(2, pixel));

        private ushort Part(int channel, int pixel) => ushort.CreateTruncating(_values[(channel * _plane) + pixel]);
    }
}
