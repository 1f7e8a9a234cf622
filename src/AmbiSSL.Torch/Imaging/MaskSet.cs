using AmbiSSL.Torch.Imaging;

namespace AmbiSSL;

/// <summary>Masks of one image by several experts.</summary>
public sealed class MaskSet
{
    /// <summary>Makes a set of masks.</summary>
    /// <param name="size">Size of each mask.</param>
    /// <param name="values">
    /// A·H·W values in [A, H, W] order, where nonzero is foreground, or A·K·H·W in [A, K, H, W] order for K classes, a plane for each, which are not copied;
    /// empty for no mask.
    /// </param>
    /// <param name="readers">The name of each mask's reader; null or empty where nobody is known.</param>
    /// <param name="ignored">
    /// A·H·W values in [A, H, W] order, nonzero where a mask says nothing of any class, which are not copied; null or empty where every pixel counts.
    /// </param>
    /// <param name="classes">The classes; null for one.</param>
    /// <exception cref="ArgumentException">
    /// The values are not a whole number of masks, or those that are ignored or the readers are not as many, or one is named twice, or a pixel is of
    /// two classes that do not overlap.
    /// </exception>
    public MaskSet(ImageSize size, byte[] values, IReadOnlyList<string>? readers = null, byte[]? ignored = null, MaskClasses? classes = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        Size = size;
        Classes = classes ??= MaskClasses.One;
        if (values.Length % MaskLength != 0)
        {
            throw new ArgumentException(
                $"There are {values.Length} mask values, not a multiple of {(classes.Count == 1 ? "" : $"{classes.Count} x ")}{size} = {MaskLength}; "
                + $"give {(classes.Count == 1 ? "A·H·W" : "A·K·H·W")} values, one mask after the other.",
                nameof(values));
        }

        if (ignored is { Length: > 0 } && (long)ignored.Length * classes.Count != values.Length)
        {
            throw new ArgumentException(
                $"There are {values.Length} mask values and {ignored.Length} that say which of them are ignored; give one for "
                + $"each{(classes.Count == 1 ? "" : " pixel")}, or none.",
                nameof(ignored));
        }

        Ignored = ignored is not null && ignored.AsSpan().ContainsAnyExcept((byte)0) ? ignored : [];
        Values = Ignored.Length == 0 ? values : WithoutIgnored(values);
        Readers = readers ?? [];
        if (Readers.Count > 0 && ReaderNames.Fault(Readers, Count) is { } fault)
        {
            throw new ArgumentException($"In a set of masks {fault}; name the reader of each mask, nobody twice, or no reader at all.", nameof(readers));
        }

        RequireOneClass();
    }

    /// <summary>Size of each mask.</summary>
    public ImageSize Size { get; }

    /// <summary>The classes that masks tell apart, K.</summary>
    public MaskClasses Classes { get; }

    /// <summary>
    /// The masks in [A, K, H, W] order, a plane for each class, where nonzero is inside of it; ignored pixels are 0. Of one class, [A, H, W].
    /// </summary>
    public byte[] Values { get; }

    /// <summary>In [A, H, W] order, nonzero where a mask says nothing; empty where every pixel counts.</summary>
    public byte[] Ignored { get; }

    /// <summary>The name of each mask's reader; empty where nobody is known, so that the masks are a set without order.</summary>
    public IReadOnlyList<string> Readers { get; }

    /// <summary>Number of masks A; 0 where the image is unlabeled.</summary>
    public int Count => Values.Length / MaskLength;

    private int MaskLength => Classes.Count * Size.PixelCount;

    /// <summary>One mask, [K, H, W]; [H, W] of one class.</summary>
    /// <param name="index">0 to <see cref="Count"/> - 1.</param>
    public ReadOnlySpan<byte> this[int index] => Values.AsSpan(index * MaskLength, MaskLength);

    /// <summary>One class of one mask, [H, W].</summary>
    /// <param name="index">0 to <see cref="Count"/> - 1.</param>
    /// <param name="number">Position of the class, 0 to K - 1.</param>
    internal ReadOnlySpan<byte> Plane(int index, int number) => this[index].Slice(number * Size.PixelCount, Size.PixelCount);

    /// <summary>The masks of one class: the same readers and ignored pixels.</summary>
    /// <param name="number">Position of the class, 0 to K - 1.</param>
    public MaskSet OfClass(int number)
    {
        if (Classes.Count == 1)
        {
            return this;
        }

        var values = new byte[Count * Size.PixelCount];
        for (var mask = 0; mask < Count; mask++)
        {
            Plane(mask, number).CopyTo(values.AsSpan(mask * Size.PixelCount));
        }

        return new MaskSet(Size, values, Readers, Ignored);
    }

    /// <summary>The number of each pixel's class, [A, H, W]: 0 for background, 1 to K.</summary>
    /// <exception cref="InvalidOperationException">Classes overlap, so that a pixel has no one class.</exception>
    public byte[] ClassNumbers()
    {
        if (Classes.Overlap)
        {
            throw new InvalidOperationException($"The classes {Classes} have no numbers for each pixel; use {nameof(Values)}, a plane for each class.");
        }

        var numbers = new byte[Count * Size.PixelCount];
        NumberClasses(Values, Classes.Count, Size.PixelCount, numbers);
        return numbers;
    }

    /// <summary>Masks of which each pixel is of one class.</summary>
    /// <param name="size">Size of each mask.</param>
    /// <param name="numbers">A·H·W values in [A, H, W] order: 0 for background, 1 to K for a class.</param>
    /// <param name="classes">The classes, which do not overlap.</param>
    /// <param name="readers">The name of each mask's reader; null or empty where nobody is known.</param>
    /// <param name="ignored">A·H·W values, nonzero where a mask says nothing; null or empty where every pixel counts.</param>
    /// <exception cref="ArgumentException">
    /// Classes overlap, a number is above K, or values, readers or those that are ignored are not as many.
    /// </exception>
    public static MaskSet OfClassNumbers(
        ImageSize size, byte[] numbers, MaskClasses classes, IReadOnlyList<string>? readers = null, byte[]? ignored = null)
    {
        ArgumentNullException.ThrowIfNull(numbers);
        ArgumentNullException.ThrowIfNull(classes);
        if (classes.Overlap)
        {
            throw new ArgumentException($"The classes {classes} have no numbers for each pixel; give a plane for each to the constructor.", nameof(classes));
        }

        if (numbers.Length % size.PixelCount != 0)
        {
            throw new ArgumentException(
                $"There are {numbers.Length} numbers of classes, not a multiple of {size} = {size.PixelCount}; give A·H·W numbers, one mask after the other.",
                nameof(numbers));
        }

        var other = numbers.AsSpan().IndexOfAnyExceptInRange((byte)0, (byte)classes.Count);
        return other < 0
            ? new MaskSet(size, Planes(numbers, size.PixelCount, classes.Count, number => [number - 1]), readers, ignored, classes)
            : throw new ArgumentException(
                $"Value {other} of the numbers of classes is {numbers[other]}; 0 is background, and 1 to {classes.Count} are the classes {classes}.",
                nameof(numbers));
    }

    /// <summary>Writes the number of each pixel's class, 0 for background, of planes of classes that exclude each other.</summary>
    /// <param name="planes">[A, K, P], nonzero inside of a class.</param>
    /// <param name="classes">Number K of classes.</param>
    /// <param name="pixels">Number P of pixels of a plane.</param>
    /// <param name="numbers">Receives [A, P].</param>
    internal static void NumberClasses(ReadOnlySpan<byte> planes, int classes, int pixels, Span<byte> numbers)
    {
        numbers.Clear();
        for (var plane = 0; plane * pixels < planes.Length; plane++)
        {
            var (mask, number) = Math.DivRem(plane, classes);
            var inside = planes.Slice(plane * pixels, pixels);
            var target = numbers.Slice(mask * pixels, pixels);
            for (var pixel = 0; pixel < pixels; pixel++)
            {
                target[pixel] = inside[pixel] == 0 ? target[pixel] : (byte)(number + 1);
            }
        }
    }

    /// <summary>How many of a mask's four corners are in a class: three or more where background was taken for foreground.</summary>
    /// <param name="index">0 to <see cref="Count"/> - 1.</param>
    /// <param name="number">Position of the class, 0 to K - 1.</param>
    internal int CornersInside(int index, int number = 0)
    {
        var mask = Plane(index, number);
        Span<byte> corners = [mask[0], mask[Size.Width - 1], mask[^Size.Width], mask[^1]];
        return corners.Length - corners.Count<byte>(0);
    }

    /// <summary>Masks of maps of labels: 0, <see cref="MaskLabels.Ignored"/>, and 1 for foreground or the numbers of classes.</summary>
    /// <param name="size">Size of each map.</param>
    /// <param name="labels">A·H·W values in [A, H, W] order.</param>
    /// <param name="readers">The name of each mask's reader; null or empty where nobody is known.</param>
    /// <param name="classes">The classes that numbers stand for; null where there is one.</param>
    internal static MaskSet OfLabels(ImageSize size, byte[] labels, IReadOnlyList<string>? readers = null, ClassValues? classes = null)
    {
        var ignored = labels.Contains(MaskLabels.Ignored) ? labels.Select(label => (byte)(label == MaskLabels.Ignored ? 1 : 0)).ToArray() : null;
        return classes is null
            ? new MaskSet(size, labels, readers, ignored)
            : new MaskSet(
                size,
                Planes(labels, size.PixelCount, classes.Classes.Count, label => label == MaskLabels.Ignored ? [] : classes.ClassesOf(label)),
                readers,
                ignored,
                classes.Classes);
    }

    /// <summary>The middle of each mask.</summary>
    internal MaskSet Crop(ImageSize size) => size == Size ? this : With(size, values => ImageGeometry.CropCenter(values, Size, size));

    /// <summary>Scaled to another size, by the nearest pixel.</summary>
    internal MaskSet Resize(ImageSize size) => size == Size ? this : With(size, values => ImageGeometry.ResizeNearest(values, Size, size));

    /// <summary>The same in memory of its own.</summary>
    internal MaskSet Copy() => With(Size, values => [.. values]);

    /// <summary>Other planes of the same masks.</summary>
    internal MaskSet With(ImageSize size, Func<byte[], byte[]> change) => new(size, change(Values), Readers, change(Ignored), Classes);

    /// <summary>A·H·W numbers as A·K·H·W planes of 0 and 1.</summary>
    /// <param name="numbers">The numbers.</param>
    /// <param name="pixels">H·W.</param>
    /// <param name="classes">K.</param>
    /// <param name="classesOf">The positions of the classes that a number above 0 stands for.</param>
    private static byte[] Planes(ReadOnlySpan<byte> numbers, int pixels, int classes, Func<byte, IReadOnlyList<int>> classesOf)
    {
        var planes = new byte[classes * numbers.Length];
        var known = new IReadOnlyList<int>?[byte.MaxValue + 1];
        for (var position = 0; position < numbers.Length;)
        {
            // Neighbors are mostly of one class, and of one mask.
            var number = numbers[position];
            var (mask, pixel) = Math.DivRem(position, pixels);
            var run = numbers[position..((mask + 1) * pixels)].IndexOfAnyExcept(number);
            run = run < 0 ? pixels - pixel : run;
            foreach (var own in number == 0 ? [] : known[number] ??= classesOf(number))
            {
                planes.AsSpan((((mask * classes) + own) * pixels) + pixel, run).Fill(1);
            }

            position += run;
        }

        return planes;
    }

    private byte[] WithoutIgnored(byte[] values)
    {
        var counted = (byte[])values.Clone();
        for (var position = 0; position < counted.Length; position++)
        {
            counted[position] = Ignored[(position / MaskLength * Size.PixelCount) + (position % Size.PixelCount)] == 0 ? counted[position] : (byte)0;
        }

        return counted;
    }

    /// <summary>The first pixel of any mask that is of two classes.</summary>
    /// <param name="values">A·K·H·W values in [A, K, H, W] order.</param>
    /// <param name="classes">Number K of classes.</param>
    /// <param name="pixels">H·W.</param>
    /// <returns>Position of the mask, of the pixel in it and of the two classes; null where no pixel is.</returns>
    internal static (int Mask, int Pixel, int First, int Second)? FindTwoClasses(ReadOnlySpan<byte> values, int classes, int pixels)
    {
        var found = new byte[pixels];
        for (var plane = 0; plane * pixels < values.Length; plane++)
        {
            var (mask, number) = Math.DivRem(plane, classes);
            if (number == 0)
            {
                found.AsSpan().Clear();
            }

            var inside = values.Slice(plane * pixels, pixels);
            for (var pixel = 0; pixel < found.Length; pixel++)
            {
                if (inside[pixel] != 0 && found[pixel] != 0)
                {
                    return (mask, pixel, found[pixel] - 1, number);
                }

                found[pixel] = inside[pixel] == 0 ? found[pixel] : (byte)(number + 1);
            }
        }

        return null;
    }

    private void RequireOneClass()
    {
        if (Classes.IsExclusive && FindTwoClasses(Values, Classes.Count, Size.PixelCount) is var (mask, pixel, first, second))
        {
            throw new ArgumentException(
                $"Mask {mask + 1}{(Readers.Count == 0 ? "" : $", by '{Readers[mask]}',")} has a pixel of the classes '{Classes.Names[first]}' and "
                + $"'{Classes.Names[second]}', in row {(pixel / Size.Width) + 1} and column {(pixel % Size.Width) + 1}, counted from 1; give it one class, "
                + "or say that classes overlap (--overlap).");
        }
    }
}
