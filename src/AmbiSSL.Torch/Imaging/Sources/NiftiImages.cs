using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using AmbiSSL.Torch.Imaging;

namespace AmbiSSL;

/// <summary>
/// The slices of NIfTI volumes: one file, a folder of them, <c>images/ID.nii.gz</c> with <c>masks/ID_r1.nii.gz</c> and <c>index.csv</c> as in
/// <see cref="ImageFolder"/>, or nnU-Net's layout as in <see cref="NnUNetFolder"/>. Each slice is an image, each volume a subject, unless the index says
/// more; and what is drawn is written back into the space of its volume.
/// </summary>
/// <remarks>
/// Volumes are files of NIfTI-1 of one volume, compressed or not, in either byte order, with integers of 8, 16 or 32 bits or floating-point numbers; what they
/// store is scaled as they say. Images are floating-point numbers, such as Hounsfield units. The slices of a volume lie across its last axis, or across
/// <see cref="ReadingOptions.SliceAxis"/>; the lower of the two other axes goes along rows, the higher down columns. Ids are <c>ID_slice-000</c> and so
/// on, the columns <c>volume</c> and <c>slice</c> have ID and number. Masks have the size and the affine of their volume, and 0 beside 1 or 255, unless
/// <see cref="ReadingOptions.ForegroundValues"/> says more; each slice has all masks of its volume, most of them empty. All volumes have one orientation.
/// The volume that was read last is kept in memory, so that slices are best read in their order.
/// </remarks>
public sealed class NiftiImages : ImageSource
{
    private const int LastAxis = 2;

    private readonly object _gate = new();
    private readonly ReadingOptions _reading;
    private readonly Volume[] _volumes;
    private readonly int[] _starts;
    private (int Place, NiftiVolume[] Channels, byte[][] Masks)? _last;

    private NiftiImages(
        string path, IReadOnlyList<ImageRecord> records, IReadOnlyList<LeftOutFile> leftOut, Preprocessing? preprocessing, ReadingOptions reading)
    {
        preprocessing ??= Preprocessing.None;
        preprocessing.Validate();
        _reading = reading;
        _reading.Validate();
        if (records.Count == 0)
        {
            throw new InvalidDataException($"Data set '{path}' holds no volumes.{(leftOut.Count == 0 ? "" : " " + LeftOutFile.Summarize(leftOut))}");
        }

        Path = path;
        LeftOut = leftOut;
        _volumes = [.. records.Select(ReadHeaders)];
        foreach (var volume in _volumes)
        {
            RequireOrientation(volume);
        }

        _starts = new int[_volumes.Length];
        for (var index = 1; index < _starts.Length; index++)
        {
            _starts[index] = _starts[index - 1] + _volumes[index - 1].Slices.Count;
        }

        Format = ImageFormat.Of(preprocessing.Fit(records[0].ImagePath!, _volumes[0].Shape), PixelType.Float32, preprocessing);
        Records = [.. _volumes.SelectMany(MakeRecords)];
    }

    /// <summary>The file or folder.</summary>
    public string Path { get; }

    /// <summary>The names of the volumes, in the order of their slices.</summary>
    public IReadOnlyList<string> Volumes => Array.ConvertAll(_volumes, volume => volume.Record.Id);

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

    /// <summary>Opens volumes: reads and checks their headers; voxels are read later, by <see cref="ImageSource.Read"/>.</summary>
    /// <param name="path">A file, or a folder.</param>
    /// <param name="preprocessing">Cropping or resizing of slices; null for neither.</param>
    /// <param name="reading">How files are read; null for the default values.</param>
    /// <exception cref="FileNotFoundException">There is neither a file nor a folder of this name, or the index names a volume that is not there.</exception>
    /// <exception cref="InvalidDataException">
    /// A file is no NIfTI-1 file of one volume, a mask lies elsewhere than its volume, volumes have several orientations, or names do not fit.
    /// </exception>
    /// <exception cref="ArgumentException">Both a crop and a new size are given, or a number is out of its range.</exception>
    public static NiftiImages Open(string path, Preprocessing? preprocessing = null, ReadingOptions? reading = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        reading ??= new ReadingOptions();
        if (!Directory.Exists(path))
        {
            var name = FileKind.Volumes.Name(path);
            return new NiftiImages(path, [new ImageRecord { Id = name, Subject = name, ImagePath = path }], [], preprocessing, reading);
        }

        if (NnUNetListing.Recognizes(path))
        {
            var (images, others, own) = NnUNetListing.Read(path, FileKind.Volumes, reading);
            return new NiftiImages(path, images, others, preprocessing, own);
        }

        var (records, leftOut) = FolderListing.Recognizes(path, FileKind.Volumes)
            ? FolderListing.Read(path, FileKind.Volumes, reading)
            : ListUnlabeled(path);
        return new NiftiImages(path, records, leftOut, preprocessing, reading);
    }

    /// <summary>Writes a mask of every slice of a volume as one compressed file of bytes, 0 and 1, in the space of the volume.</summary>
    /// <param name="volume">One of <see cref="Volumes"/>.</param>
    /// <param name="path">The file, such as <c>ID.nii.gz</c>; one that is there is replaced.</param>
    /// <param name="mask">
    /// Gives the mask of an image by its place in <see cref="Records"/>: H·W values of <see cref="ImageSource.Shape"/>, nonzero is foreground.
    /// </param>
    /// <remarks>What was cropped away is 0; where slices were resized, a voxel has the value of the nearest pixel.</remarks>
    /// <exception cref="ArgumentException">There is no such volume, or a mask has another number of values.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void WriteMask(string volume, string path, Func<int, byte[]> mask) => Write(
        volume,
        path,
        NiftiType.UInt8,
        mask,
        (values, size) => ImageGeometry.ResizeNearest(values, Shape.Size, size),
        (bytes, value) => bytes[0] = (byte)(value == 0 ? 0 : 1));

    /// <summary>
    /// Writes a mask of classes of every slice of a volume as one compressed file of bytes, the numbers of the classes, in the space of the volume.
    /// </summary>
    /// <param name="volume">One of <see cref="Volumes"/>.</param>
    /// <param name="path">The file, such as <c>ID.nii.gz</c>; one that is there is replaced.</param>
    /// <param name="numbers">
    /// Gives the mask of an image by its place in <see cref="Records"/>: H·W values of <see cref="ImageSource.Shape"/>, 0 for background.
    /// </param>
    /// <remarks>What was cropped away is 0; where slices were resized, a voxel has the value of the nearest pixel.</remarks>
    /// <exception cref="ArgumentException">There is no such volume, or a mask has another number of values.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void WriteClasses(string volume, string path, Func<int, byte[]> numbers) => Write(
        volume, path, NiftiType.UInt8, numbers, (values, size) => ImageGeometry.ResizeNearest(values, Shape.Size, size), (bytes, value) => bytes[0] = value);

    /// <summary>Writes a map of every slice of a volume, such as a probability, as one compressed file of floats in the space of the volume.</summary>
    /// <param name="volume">One of <see cref="Volumes"/>.</param>
    /// <param name="path">The file, such as <c>ID.nii.gz</c>; one that is there is replaced.</param>
    /// <param name="map">Gives the map of an image by its place in <see cref="Records"/>: H·W values of <see cref="ImageSource.Shape"/>.</param>
    /// <remarks>What was cropped away is 0; where slices were resized, values are interpolated.</remarks>
    /// <exception cref="ArgumentException">There is no such volume, or a map has another number of values.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void WriteMap(string volume, string path, Func<int, float[]> map)
    {
        var isLittle = Find(volume).Header.IsLittleEndian;
        Write(volume, path, NiftiType.Float32, map, (values, size) => ImageGeometry.ResizeBilinear(values, Shape.Size, size), (bytes, value) =>
        {
            if (isLittle)
            {
                BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
            }
            else
            {
                BinaryPrimitives.WriteSingleBigEndian(bytes, value);
            }
        });
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Path}: {Count} slices of {Shape} from {_volumes.Length} volume{(_volumes.Length == 1 ? "" : "s")}";

    /// <summary>Whether a folder holds volumes and nothing else that would be read.</summary>
    internal static bool Recognizes(string path) => FolderFiles.Files(path).Any(FileKind.Volumes.Has);

    /// <inheritdoc/>
    internal override (ImageShape Shape, PixelType Type) Stored(int index) => (Locate(index).Volume.Shape, PixelType.Float32);

    /// <inheritdoc/>
    protected override AnnotatedImage ReadImage(int index)
    {
        var (place, volume, slice) = Locate(index);
        var record = Records[index];
        var shape = Format.Preprocessing.Fit(volume.Record.ImagePath!, volume.Shape);
        if (!Shape.Includes(shape))
        {
            throw new InvalidDataException(
                $"Slices of volume '{volume.Record.ImagePath}' are {shape} (channels x height x width), but those of the first "
                + $"'{_volumes[0].Record.ImagePath}' are {Shape}; all images of a data set need one size and number of channels. Set "
                + $"{nameof(Preprocessing.Crop)} (--crop) or {nameof(Preprocessing.Resize)} (--size), "
                + $"or {nameof(Preprocessing.AnySize)} (--window) to see them through windows.");
        }

        var (channels, masks) = Load(place, volume);
        var values = new float[volume.Shape.Length];
        var inside = new byte[masks.Length * volume.Shape.PixelCount];
        for (var pixel = 0; pixel < volume.Shape.PixelCount; pixel++)
        {
            var voxel = volume.Slices.Place(slice, pixel);
            for (var channel = 0; channel < channels.Length; channel++)
            {
                values[(channel * volume.Shape.PixelCount) + pixel] = (float)channels[channel][voxel];
            }

            for (var mask = 0; mask < masks.Length; mask++)
            {
                inside[(mask * volume.Shape.PixelCount) + pixel] = masks[mask][voxel];
            }
        }

        var invalid = Array.FindIndex(values, value => !float.IsFinite(value));
        if (invalid >= 0)
        {
            throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture,
                $"Slice {slice} of volume '{volume.Record.ImagePath}' holds the value {values[invalid]}; values must be finite."));
        }

        return new AnnotatedImage(
            record.Id,
            record.Subject,
            Format.Preprocessing.Apply(new ImagePixels(volume.Shape, values)),
            Format.Preprocessing.Apply(
                ClassMasks.OfLabels($"image '{record.Id}'", volume.Shape.Size, inside, _reading.WithoutMasks ? [] : record.Readers, _reading)));
    }

    private IEnumerable<ImageRecord> MakeRecords(Volume volume)
    {
        var record = volume.Record;
        var spacing = Format.Preprocessing.Resize is { } size ? volume.Slices.Spacing?.Resize(volume.Slices.Size, size) : volume.Slices.Spacing;
        var digits = Math.Max(3, (volume.Slices.Count - 1).ToString(CultureInfo.InvariantCulture).Length);
        for (var slice = 0; slice < volume.Slices.Count; slice++)
        {
            var number = slice.ToString(CultureInfo.InvariantCulture);
            yield return new ImageRecord
            {
                Id = $"{record.Id}_slice-{number.PadLeft(digits, '0')}",
                Subject = record.Subject,
                Fold = record.Fold,
                Annotators = record.Annotators,
                Readers = record.Readers,
                Spacing = spacing,
                Columns = new Dictionary<string, string>(record.Columns) { ["volume"] = record.Id, ["slice"] = number },
            };
        }
    }

    private static (IReadOnlyList<ImageRecord> Records, IReadOnlyList<LeftOutFile> LeftOut) ListUnlabeled(string path)
    {
        string[] files = [.. FolderFiles.Files(path).Where(FileKind.Volumes.Has)];
        var names = Array.ConvertAll(files, FileKind.Volumes.Name);
        var mask = Array.FindIndex(names, name => MaskNames.IsMaskOf(name, names));
        if (mask >= 0)
        {
            var nearest = MaskNames.Nearest(names[mask], [.. names.Where(name => name != names[mask])], "_r", "1");
            throw new InvalidDataException(
                $"'{files[mask]}' is named as a mask and lies beside the volumes; put volumes into the folder images and masks into masks, as "
                + $"'{System.IO.Path.Combine(path, FolderListing.MasksName, nearest)}.nii.gz'.");
        }

        if (names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new InvalidDataException($"Two volumes in '{path}' have the same name '{twice.Key}'; remove one.");
        }

        return ([.. names.Select((name, index) => new ImageRecord { Id = name, Subject = name, ImagePath = files[index] })], []);
    }

    private Volume ReadHeaders(ImageRecord record)
    {
        var header = NiftiVolume.ReadHeader(record.ImagePath!);
        foreach (var path in record.Files.Skip(1).Concat(MaskPaths(record)))
        {
            NiftiVolume.ReadHeader(path).RequireSpaceOf(header);
        }

        var slices = NiftiSlices.Of(header, _reading.SliceAxis ?? LastAxis);
        _reading.RequireSize($"A slice of volume '{record.ImagePath}'", slices.Size.Height, slices.Size.Width);
        return new Volume(record, header, slices, new ImageShape(record.Files.Count, slices.Size.Height, slices.Size.Width));
    }

    private IReadOnlyList<string> MaskPaths(ImageRecord record) => _reading.WithoutMasks ? [] : record.MaskPaths;

    private void RequireOrientation(Volume volume)
    {
        var (first, own) = (_volumes[0].Header.Orientation, volume.Header.Orientation);
        if (own != first)
        {
            throw new InvalidDataException(
                $"Volume '{volume.Record.ImagePath}' has the orientation {own}, and '{_volumes[0].Record.ImagePath}' {first}, "
                + "so that their slices lie differently; reorient them to one.");
        }
    }

    private (int Place, Volume Volume, int Slice) Locate(int index)
    {
        var place = Array.BinarySearch(_starts, index);
        place = place < 0 ? ~place - 1 : place;
        return (place, _volumes[place], index - _starts[place]);
    }

    private Volume Find(string volume) => Array.Find(_volumes, item => item.Record.Id == volume)
        ?? throw new ArgumentException($"There is no volume '{volume}' in '{Path}'.", nameof(volume));

    private (NiftiVolume[] Channels, byte[][] Masks) Load(int place, Volume volume)
    {
        lock (_gate)
        {
            if (_last is not { } last || last.Place != place)
            {
                _last = null;
                NiftiVolume[] channels = [.. volume.Record.Files.Select(NiftiVolume.Read)];
                _last = last = (place, channels, [.. MaskPaths(volume.Record).Select(path => NiftiVolume.ReadLabels(path, _reading))]);
            }

            return (last.Channels, last.Masks);
        }
    }

    private void Write<T>(string name, string path, NiftiType type, Func<int, T[]> draw, Func<T[], ImageSize, T[]> resize, Put<T> put)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(draw);
        var volume = Find(name);
        var slices = volume.Slices;
        var size = Marshal.SizeOf<T>();
        if ((long)slices.Count * slices.Size.PixelCount * size > Array.MaxLength)
        {
            throw new InvalidDataException($"Volume '{volume.Record.ImagePath}' is too large for a file of {size} bytes a voxel to be written of it.");
        }

        var bytes = new byte[slices.Count * slices.Size.PixelCount * size];
        var start = _starts[Array.IndexOf(_volumes, volume)];
        for (var slice = 0; slice < slices.Count; slice++)
        {
            var drawn = draw(start + slice);
            var own = Shape.IsAnySize ? slices.Size : Shape.Size;
            own.RequireValues(drawn.Length, $"Image {start + slice}", nameof(draw));
            var whole = own == slices.Size ? drawn
                : Format.Preprocessing.Crop is null ? resize(drawn, slices.Size)
                : ImageGeometry.PlaceCenter(drawn, own, slices.Size);
            for (var pixel = 0; pixel < whole.Length; pixel++)
            {
                put(bytes.AsSpan(slices.Place(slice, pixel) * size), whole[pixel]);
            }
        }

        NiftiVolume.Write(path, volume.Header, type, bytes);
    }

    private delegate void Put<T>(Span<byte> bytes, T value);

    /// <summary>A volume before it is cut into slices.</summary>
    private sealed record Volume(ImageRecord Record, NiftiHeader Header, NiftiSlices Slices, ImageShape Shape);
}
