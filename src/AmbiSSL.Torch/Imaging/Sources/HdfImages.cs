using System.Globalization;
using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Imaging;
using PureHDF;
using PureHDF.Filters;

namespace AmbiSSL;

/// <summary>
/// Arrays in an HDF5 file: the dataset <c>images</c> <c>[N, H, W]</c> or <c>[N, C, H, W]</c>, where there are masks <c>masks</c>
/// <c>[N, A, H, W]</c>, <c>[N, H, W, A]</c> or <c>[N, H, W]</c>, with an axis of classes <c>[N, A, K, H, W]</c>, where subjects are known
/// <c>subjects</c> <c>[N]</c>, and where it is known who drew the masks <c>readers</c>, <c>[A]</c> or <c>[N, A]</c>.
/// </summary>
/// <remarks>
/// <see cref="ReadingOptions.Hdf5Images"/> and <see cref="ReadingOptions.Hdf5Masks"/> give images and masks other names. Images of 8 and 16 bits
/// without sign are scaled to k/255 and k/65535; floating-point images are taken as they are. Masks are booleans, or bytes of 0 beside 1 or 255, unless
/// <see cref="ReadingOptions.ForegroundValues"/> says more. Subjects are strings, or integers; without them every image is its own. Ids are
/// <c>image_00000</c> and so on; numbers of masks run from 1 to A. Readers are strings: the names of the A readers who drew the masks of all images in
/// the same order, or those of each image, where an empty name says that there is no mask at its place. Without them nobody is known. Only the image
/// asked for is read. A file holds at most 1,000,000 images. Datasets that are not read are in <see cref="ImageSource.LeftOut"/>.
/// Public files of LIDC are known by their groups <c>train</c>, <c>val</c> and <c>test</c>, with <c>images</c>, <c>labels</c> <c>[N, H, W, A]</c> and
/// <c>uids</c>, the subjects: floating-point images from -0.5 to 0.5 are taken as 0 to 1, ids begin with the group, and the column <c>part</c> has it.
/// </remarks>
public sealed class HdfImages : ImageSource
{
    private readonly ReadingOptions _reading;
    private readonly HdfPart[] _parts;
    private readonly ImageShape _storedShape;
    private readonly int _annotators;

    static HdfImages() => H5Filter.Register(new HdfChecksum());

    private HdfImages(string path, Preprocessing? preprocessing, ReadingOptions? reading)
    {
        preprocessing ??= Preprocessing.None;
        preprocessing.Validate();
        _reading = reading ?? new ReadingOptions();
        _reading.Validate();
        Path = path;
        var listing = WithFile(contents => new HdfListing(contents, _reading));
        (_parts, _storedShape, _annotators) = (listing.Parts, listing.Shape, listing.Annotators);
        (Records, LeftOut) = (listing.Records, listing.LeftOut);
        Format = ImageFormat.Of(preprocessing.Fit(path, _storedShape), listing.Type, preprocessing);
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <inheritdoc/>
    public override ImageFormat Format { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<ImageRecord> Records { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<LeftOutFile> LeftOut { get; }

    /// <inheritdoc/>
    public override MaskClasses Classes => _reading.MaskClasses;

    /// <inheritdoc/>
    public override bool MayIgnorePixels => _reading.ForegroundValues is { IsIgnoring: true };

    /// <summary>Opens a file and checks the shapes of its datasets; images are read later, by <see cref="ImageSource.Read"/>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="preprocessing">Cropping or resizing; null for neither.</param>
    /// <param name="reading">How files are read; null for the default values.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">
    /// It is no HDF5 file, a dataset is missing, or one has another shape or type than it needs.
    /// </exception>
    /// <exception cref="ArgumentException">Both a crop and a new size are given, or a number is out of its range.</exception>
    public static HdfImages Open(string path, Preprocessing? preprocessing = null, ReadingOptions? reading = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        RegularFile.Require(path, "HDF5 file");
        return reading is { IsByNumber: true }
            ? throw new InvalidDataException(
                $"'{path}' is one file, whose masks have no numbers of their own, but readers are asked for by number; name them in a dataset "
                + "'readers' [A] or [N, A].")
            : new HdfImages(path, preprocessing, reading);
    }

    /// <summary>The file, its number of images and their size.</summary>
    public override string ToString() => $"{Path}: {Count} images of {Shape}";

    /// <inheritdoc/>
    internal override (ImageShape Shape, PixelType Type) Stored(int index) => (_storedShape, Format.Source);

    /// <inheritdoc/>
    protected override AnnotatedImage ReadImage(int index)
    {
        var (part, row) = Locate(index);
        var (pixels, masks) = WithFile(contents => (ReadImage(contents, part, row), ReadMasks(contents, part, row, Records[index])));
        var invalid = pixels.FindFloat(value => !float.IsFinite(value));
        if (invalid >= 0)
        {
            throw new InvalidDataException(
                $"Image {index} of '{Path}' holds the value {pixels.Values<float>()[invalid].ToString(CultureInfo.InvariantCulture)}; "
                + "values must be finite.");
        }

        var record = Records[index];
        return new AnnotatedImage(record.Id, record.Subject, Format.Preprocessing.Apply(pixels), Format.Preprocessing.Apply(masks));
    }

    /// <summary>The part of an image, and its place in it.</summary>
    private (HdfPart Part, int Row) Locate(int index)
    {
        var part = 0;
        for (; index >= _parts[part].Count; part++)
        {
            index -= _parts[part].Count;
        }

        return (_parts[part], index);
    }

    private ImagePixels ReadImage(HdfContents contents, HdfPart part, int row)
    {
        var pixels = contents.ReadPixels(part.Images, _storedShape, row);
        if (!part.IsLidc || pixels.Type != PixelType.Float32)
        {
            return pixels;
        }

        var outside = pixels.FindFloat(value => value is < -HdfPart.Shift or > HdfPart.Shift);
        return outside < 0
            ? new ImagePixels(_storedShape, Array.ConvertAll(pixels.ToFloats(), value => value + HdfPart.Shift))
            : throw new InvalidDataException(
                $"Image {row} in dataset '{part.Images}' of '{Path}' holds the value {pixels.Values<float>()[outside].ToString(CultureInfo.InvariantCulture)}; "
                + $"public files of LIDC, with groups {string.Join(", ", HdfPart.LidcNames)}, hold -0.5 to 0.5. To read values as they are, name one dataset "
                + $"with {nameof(ReadingOptions.Hdf5Images)} and {nameof(ReadingOptions.Hdf5Masks)} (--hdf5-images, --hdf5-masks).");
    }

    private MaskSet ReadMasks(HdfContents contents, HdfPart part, int row, ImageRecord record)
    {
        if (part.Masks is null || _reading.WithoutMasks)
        {
            return new MaskSet(_storedShape.Size, []);
        }

        var dataset = contents.Require(part.Masks);
        var values = HdfContents.ReadRow<byte>(dataset, row);
        if (dataset.Type is { Class: H5DataTypeClass.FixedPoint, FixedPoint.IsSigned: true }
            && Array.Find(values, value => value > sbyte.MaxValue) is > 0 and var high)
        {
            throw new InvalidDataException(
                $"Image {row} in dataset '{part.Masks}' of '{Path}' holds the value {(sbyte)high}; labels are whole numbers from 0 to 255. Write another "
                + "number in its place and, where it does not count, name that with ForegroundValues (--ignore-values).");
        }

        MaskLabels.Replace($"Image {row} in dataset '{part.Masks}' of '{Path}'", values, _reading);
        values = part.AreMasksLast(dataset.Space.Dimensions, _storedShape) ? MasksFirst(values) : values;
        var what = $"image {row} in dataset '{part.Masks}' of '{Path}'";
        if (record.Annotators.Count == _annotators)
        {
            return ClassMasks.OfLabels(what, _storedShape.Size, values, record.Readers, _reading);
        }

        var present = new List<byte>();
        var length = values.Length / _annotators;
        for (var place = 0; place < _annotators; place++)
        {
            var mask = values.AsSpan(place * length, length);
            if (record.Annotators.Contains(place + 1))
            {
                present.AddRange(mask);
            }
            else if (mask.ContainsAnyExcept((byte)0, MaskLabels.Ignored))
            {
                throw new InvalidDataException(
                    $"In '{Path}' mask {place} of image {row} has foreground, but '{part.Readers(contents)}' names nobody at its place; name its reader, or "
                    + "clear the mask.");
            }
        }

        return ClassMasks.OfLabels(what, _storedShape.Size, [.. present], record.Readers, _reading);
    }

    // [H, W, A] as [A, H, W].
    private byte[] MasksFirst(byte[] values)
    {
        var masks = new byte[values.Length];
        for (var position = 0; position < values.Length; position++)
        {
            masks[(position % _annotators * _storedShape.PixelCount) + (position / _annotators)] = values[position];
        }

        return masks;
    }

    // Opened for each read, so that nothing is to be disposed of and threads do not meet.
    private T WithFile<T>(Func<HdfContents, T> read)
    {
        using var stream = new HdfStream(RegularFile.Open(Path, "HDF5 file"));
        try
        {
            using var file = H5File.Open(stream, leaveOpen: true);
            return read(new HdfContents(Path, file));
        }
        catch (Exception exception) when (exception is not (InvalidDataException or UnauthorizedAccessException))
        {
            // The HDF5 reader throws bare exceptions of many types at damaged and at unsupported files, that of memory among them: it takes as
            // much as a damaged length says.
            throw new InvalidDataException(
                $"'{Path}' cannot be read as HDF5: {exception.Message} It may be damaged, another kind of file, or use a feature "
                + "that is not supported; write it again with plain little-endian arrays.",
                exception);
        }
    }
}
