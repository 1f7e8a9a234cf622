using System.Security.Cryptography;
using System.Text;
using AmbiSSL.Torch.Imaging;

namespace AmbiSSL;

/// <summary>
/// The training images, decoded once and held compactly: pixels in the type in which they are stored, eight pixels of a mask's class to a byte. Up to a
/// limit they are in memory; where they take more, all of them are in a temporary file, which is gone with this object or its process.
/// </summary>
public sealed class ImageCache : IDisposable
{
    /// <summary>Bytes held in memory where no other limit is given: 256 MiB.</summary>
    public const long DefaultLimitBytes = 256L << 20;

    private readonly List<Entry> _entries = [];
    private readonly MaskReaders _readers = new();
    private readonly SpillingStore _store;
    private byte[] _record = [];

    // Whether a mask has a pixel of a class.
    private bool[] _drawn = [];

    /// <summary>Makes an empty cache for images of one format.</summary>
    /// <param name="format">Size and type of every image, and how it came to them.</param>
    /// <param name="limitBytes">Bytes up to which the images are held in memory. Not negative; at 0 the file is always used.</param>
    /// <param name="temporaryFolder">An existing folder for the file; null for the system's folder of temporary files.</param>
    /// <exception cref="ArgumentOutOfRangeException">The limit is negative.</exception>
    public ImageCache(ImageFormat format, long limitBytes = DefaultLimitBytes, string? temporaryFolder = null)
    {
        ArgumentNullException.ThrowIfNull(format);
        ArgumentOutOfRangeException.ThrowIfNegative(limitBytes);
        Format = format;
        _store = new SpillingStore(limitBytes, temporaryFolder ?? Path.GetTempPath());
    }

    /// <summary>Makes an empty cache for floating-point images of one size that are taken as they are.</summary>
    /// <param name="shape">Size of every image.</param>
    public ImageCache(ImageShape shape)
        : this(new ImageFormat(shape, PixelType.Float32, Preprocessing.None))
    {
    }

    /// <summary>Size and type of every image, and how it came to them.</summary>
    public ImageFormat Format { get; }

    /// <summary>Size of every image; any size where they differ.</summary>
    public ImageShape Shape => Format.Shape;

    /// <summary>Number of images.</summary>
    public int Count => _entries.Count;

    /// <summary>Positions of the images with at least one mask.</summary>
    public IEnumerable<int> Labeled => Enumerable.Range(0, Count).Where(i => _entries[i].Masks > 0);

    /// <summary>Positions of the images without a mask.</summary>
    public IEnumerable<int> Unlabeled => Enumerable.Range(0, Count).Where(i => _entries[i].Masks == 0);

    /// <summary>Most masks that any image has.</summary>
    public int MaximumAnnotators { get; private set; }

    /// <summary>
    /// The names of all who drew a mask, in ordinal order, those that differ in the number at their end by that number; empty where nobody is
    /// known.
    /// </summary>
    public IReadOnlyList<string> Readers => _readers.Names;

    /// <summary>The classes that masks tell apart, K; one as long as there is no mask.</summary>
    public MaskClasses Classes { get; private set; } = MaskClasses.One;

    /// <summary>Number of all masks.</summary>
    internal int MaskCount => _entries.Sum(entry => entry.Masks);

    /// <summary>The classes of which no mask has a pixel.</summary>
    internal IReadOnlyList<string> AbsentClasses => [.. Classes.Names.Where((_, number) => !_drawn.ElementAtOrDefault(number))];

    /// <summary>The least and the greatest of all values, as they were stored.</summary>
    internal IntensityRange Range { get; private set; } = IntensityRange.None;

    /// <summary>Whether the images have passed the limit and are in the temporary file.</summary>
    internal bool IsInFile => _store.IsInFile;

    /// <summary>Size of one image.</summary>
    /// <param name="index">Position of the image.</param>
    public ImageShape ShapeOf(int index) => Shape.WithSize(_entries[index].Size);

    /// <summary>Number of masks of one image; 0 where it is unlabeled.</summary>
    /// <param name="index">Position of the image.</param>
    public int AnnotationCount(int index) => _entries[index].Masks;

    /// <summary>Adds an image. Nothing of it is kept by reference.</summary>
    /// <param name="pixels">Finite values of the cache's size and type.</param>
    /// <param name="annotations">The experts' masks; none when unlabeled.</param>
    /// <exception cref="ArgumentException">
    /// A size, the type or the classes are not the cache's, a pixel is not a finite number, or the masks of some images have readers and those of others none.
    /// </exception>
    /// <exception cref="IOException">The temporary file cannot be made or cannot grow; the message says where and what to set.</exception>
    public void Add(ImagePixels pixels, MaskSet annotations)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        ArgumentNullException.ThrowIfNull(annotations);
        Require(pixels);
        var size = pixels.Shape.Size;
        if (annotations.Size != size)
        {
            throw new ArgumentException($"The masks are {annotations.Size} pixels; they must have the images' size, {size}.", nameof(annotations));
        }

        RequireReaders(annotations);
        RequireClasses(annotations);
        Classes = annotations.Count > 0 ? annotations.Classes : Classes;
        var range = pixels.RangeOf(Format.Source);
        var entry = new Entry(_store.Length, size, annotations.Count, _readers.Count, range.Span, annotations.Ignored.Length > 0);
        if (_record.Length < RecordBytes(entry))
        {
            _record = new byte[RecordBytes(entry)];
        }

        pixels.Bytes.CopyTo(_record);
        PackPlanes(annotations.Values, 0);
        PackPlanes(annotations.Ignored, Planes(entry));
        _store.Append(_record.AsSpan(0, RecordBytes(entry)));
        _entries.Add(entry);
        MaximumAnnotators = Math.Max(MaximumAnnotators, annotations.Count);
        Range = Range.And(range);
        _readers.Add(annotations.Readers);
        AddDrawn(annotations);

        void PackPlanes(ReadOnlySpan<byte> planes, int first)
        {
            for (var plane = 0; plane < planes.Length / size.PixelCount; plane++)
            {
                PackedBits.Pack(
                    planes.Slice(plane * size.PixelCount, size.PixelCount),
                    _record.AsSpan(PixelBytes(entry) + ((first + plane) * entry.PlaneBytes), entry.PlaneBytes));
            }
        }
    }

    /// <summary>Writes one image, its integers as parts of their range. Several threads may read at a time.</summary>
    /// <param name="index">Position of the image.</param>
    /// <param name="destination">Receives C·H·W values.</param>
    /// <exception cref="ObjectDisposedException">The cache was disposed.</exception>
    public void ReadPixels(int index, Span<float> destination)
    {
        using var stored = ReadPixels(index);
        PixelValues.ToFloats(Format.PixelType, stored.Span, destination);
    }

    /// <summary>Writes one image as a model sees it. Several threads may read at a time.</summary>
    /// <param name="index">Position of the image.</param>
    /// <param name="scale">The model's.</param>
    /// <param name="destination">Receives C·H·W values.</param>
    internal void ReadPixels(int index, IntensityScale scale, Span<float> destination)
    {
        using var stored = ReadPixels(index);
        scale.ToInput(Format.PixelType, Format.Source, stored.Span, destination);
    }

    /// <summary>Writes a part of one image as a model sees it; beyond the image, its border repeated.</summary>
    /// <param name="index">Position of the image.</param>
    /// <param name="crop">The part.</param>
    /// <param name="scale">The model's.</param>
    /// <param name="destination">Receives C·h·w values for the size of the part.</param>
    internal void ReadPixels(int index, ImageCrop crop, IntensityScale scale, Span<float> destination)
    {
        var entry = _entries[index];
        var valueBytes = Format.PixelType.Size();
        var (left, right) = crop.Columns(entry.Size);
        using var stored = new RentedBytes((right - left) * valueBytes);
        var (height, width) = (crop.Size.Height, crop.Size.Width);
        for (var row = 0; row < Shape.Channels * height; row++)
        {
            var line = ((long)(row / height) * entry.Size.Height) + Math.Clamp(crop.Top + (row % height), 0, entry.Size.Height - 1);
            _store.Read(entry.Offset + (((line * entry.Size.Width) + left) * valueBytes), stored.Span);
            var target = destination.Slice(row * width, width);
            var inside = target[(left - crop.Left)..(right - crop.Left)];
            scale.ToInput(Format.PixelType, Format.Source, stored.Span, inside);
            target[..(left - crop.Left)].Fill(inside[0]);
            target[(right - crop.Left)..].Fill(inside[^1]);
        }
    }

    /// <summary>Writes one image with the values that were stored, before it was resized.</summary>
    /// <param name="index">Position of the image.</param>
    /// <param name="destination">Receives C·H·W values.</param>
    internal void ReadStored(int index, Span<float> destination)
    {
        using var stored = ReadPixels(index);
        PixelValues.ToStored(Format.PixelType, Format.Source, stored.Span, destination);
    }

    /// <summary>The greatest less the least value of an image, as it was stored.</summary>
    /// <param name="index">Position of the image.</param>
    internal float Span(int index) => _entries[index].Span;

    /// <summary>Writes the masks of one image; where it has fewer than asked for, they are repeated in turn.</summary>
    /// <param name="index">Position of a labeled image.</param>
    /// <param name="annotators">Number of masks A to write.</param>
    /// <param name="destination">Receives A·K·H·W values, 0 or 1.</param>
    /// <exception cref="ObjectDisposedException">The cache was disposed.</exception>
    public void ReadAnnotations(int index, int annotators, Span<float> destination) => ReadAnnotations(index, annotators, Whole(index), destination);

    /// <summary>
    /// Writes a part of the masks of one image, as <see cref="ReadAnnotations(int, int, Span{float})"/> does; beyond the image there is no
    /// foreground.
    /// </summary>
    /// <param name="index">Position of a labeled image.</param>
    /// <param name="annotators">Number of masks A to write.</param>
    /// <param name="crop">The part.</param>
    /// <param name="destination">Receives A·K·h·w values, 0 or 1.</param>
    internal void ReadAnnotations(int index, int annotators, ImageCrop crop, Span<float> destination) =>
        Unpack(index, PlanesOf(InTurn(index, annotators)), crop, destination);

    /// <summary>Writes the masks of one image, each at its reader's position in <see cref="Readers"/>.</summary>
    /// <param name="index">Position of a labeled image.</param>
    /// <param name="destination">
    /// Receives A·K·H·W values, 0 or 1, for A readers; at the positions of absent readers the image's masks, repeated in turn.
    /// </param>
    /// <param name="presence">Receives A values: 1 for each reader who drew a mask of the image, 0 for the others.</param>
    internal void ReadAnnotations(int index, Span<float> destination, Span<float> presence) => ReadAnnotations(index, Whole(index), destination, presence);

    /// <summary>Writes a part of the masks of one image, each at its reader's position; beyond the image there is no foreground.</summary>
    /// <param name="index">Position of a labeled image.</param>
    /// <param name="crop">The part.</param>
    /// <param name="destination">Receives A·K·h·w values, 0 or 1.</param>
    /// <param name="presence">Receives A values: 1 for each reader who drew a mask of the image, 0 for the others.</param>
    internal void ReadAnnotations(int index, ImageCrop crop, Span<float> destination, Span<float> presence) =>
        Unpack(index, PlanesOf(ByReader(index, presence)), crop, destination);

    /// <summary>Whether a mask of an image has pixels that do not count.</summary>
    internal bool HasIgnored(int index) => _entries[index].HasIgnored;

    /// <summary>Writes which pixels of masks do not count, for the masks of <see cref="ReadAnnotations(int, int, Span{float})"/> in their order.</summary>
    /// <param name="index">Position of an image that has such pixels.</param>
    /// <param name="annotators">Number of masks A.</param>
    /// <param name="isByReader">Whether each mask is at its reader's position, A being the number of readers.</param>
    /// <param name="destination">Receives A·H·W values, 1 where a pixel does not count and 0 where it does.</param>
    internal void ReadIgnored(int index, int annotators, bool isByReader, Span<float> destination) =>
        ReadIgnored(index, annotators, isByReader, Whole(index), destination);

    /// <summary>Writes which pixels of a part of an image do not count.</summary>
    /// <param name="index">Position of an image that has such pixels.</param>
    /// <param name="annotators">Number of masks A.</param>
    /// <param name="isByReader">Whether each mask is at its reader's position, A being the number of readers.</param>
    /// <param name="crop">The part.</param>
    /// <param name="destination">Receives A·h·w values, 1 where a pixel does not count and 0 where it does, and beyond the image.</param>
    internal void ReadIgnored(int index, int annotators, bool isByReader, ImageCrop crop, Span<float> destination) =>
        Unpack(
            index,
            Array.ConvertAll(isByReader ? ByReader(index, new float[annotators]) : InTurn(index, annotators), mask => Planes(_entries[index]) + mask),
            crop,
            destination);

    /// <summary>Pixels of a class in some mask of an image, evenly among all of them in the order of rows; none where there are none.</summary>
    /// <param name="index">Position of the image.</param>
    /// <param name="number">Position of the class, 0 to K - 1.</param>
    /// <param name="most">Most pixels to give.</param>
    internal int[] PixelsOf(int index, int number, int most)
    {
        var entry = _entries[index];
        using var bits = ReadMasks(index);
        var union = new byte[entry.PlaneBytes];
        for (var plane = number; plane < Planes(entry); plane += Classes.Count)
        {
            for (var i = 0; i < union.Length; i++)
            {
                union[i] |= bits.Span[(plane * entry.PlaneBytes) + i];
            }
        }

        int[] pixels = [.. Enumerable.Range(0, entry.Size.PixelCount).Where(pixel => PackedBits.At(union, pixel) != 0)];
        return pixels.Length <= most ? pixels : [.. Enumerable.Range(0, most).Select(i => pixels[(int)((long)i * pixels.Length / most)])];
    }

    /// <summary>Gives the memory or the temporary file back.</summary>
    public void Dispose() => _store.Dispose();

    /// <summary>One image, as a model sees it, with its own masks.</summary>
    /// <param name="index">Position of the image.</param>
    /// <param name="scale">The model's.</param>
    internal AnnotatedImage Read(int index, IntensityScale scale)
    {
        var shape = ShapeOf(index);
        var pixels = new float[shape.Length];
        ReadPixels(index, scale, pixels);
        var entry = _entries[index];
        using var bits = ReadMasks(index);
        byte[] Unpacked(int first, int count, ReadOnlySpan<byte> stored)
        {
            var planes = new byte[count * shape.PixelCount];
            for (var plane = 0; plane < count; plane++)
            {
                PackedBits.Unpack(stored[((first + plane) * entry.PlaneBytes)..], planes.AsSpan(plane * shape.PixelCount, shape.PixelCount));
            }

            return planes;
        }

        var masks = new MaskSet(
            shape.Size,
            Unpacked(0, Planes(entry), bits.Span),
            ReadersOf(entry),
            Unpacked(Planes(entry), entry.HasIgnored ? entry.Masks : 0, bits.Span),
            Classes);
        return new AnnotatedImage($"image {index}", "", new ImagePixels(shape, pixels), masks);
    }

    /// <summary>SHA-256 of every image and mask, with its reader where one is known, in order, in hexadecimal digits.</summary>
    internal string Checksum()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var entry in _entries)
        {
            using var record = new RentedBytes(RecordBytes(entry));
            _store.Read(entry.Offset, record.Span);
            if (Shape.IsAnySize)
            {
                hash.AppendData(Encoding.UTF8.GetBytes(entry.Size.ToString()));
            }

            hash.AppendData(record.Span[..PixelBytes(entry)]);
            hash.AppendData(BitConverter.GetBytes(entry.Masks));
            hash.AppendData(record.Span[PixelBytes(entry)..]);
            hash.AppendData(Encoding.UTF8.GetBytes(string.Join('\n', ReadersOf(entry))));
        }

        if (Classes != MaskClasses.One)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(Classes.ToString()));
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }

    /// <summary>Which mask of an image stands at each of A positions, where they are repeated in turn.</summary>
    private int[] InTurn(int index, int annotators)
    {
        var order = new int[annotators];
        for (var position = 0; position < annotators; position++)
        {
            order[position] = position % _entries[index].Masks;
        }

        return order;
    }

    /// <summary>Which mask of an image stands at each reader's position; the presence tells whose it is.</summary>
    private int[] ByReader(int index, Span<float> presence)
    {
        var entry = _entries[index];
        var order = new int[presence.Length];
        presence.Clear();
        for (var mask = 0; mask < entry.Masks; mask++)
        {
            var position = _readers.PositionOf(entry.FirstMask + mask);
            (presence[position], order[position]) = (1, mask);
        }

        var absent = 0;
        for (var position = 0; position < order.Length; position++)
        {
            if (presence[position] == 0)
            {
                order[position] = absent++ % entry.Masks;
            }
        }

        return order;
    }

    /// <summary>The planes of masks, those of the classes of each one after the other.</summary>
    private int[] PlanesOf(int[] masks) =>
        Classes.Count == 1 ? masks : [.. masks.SelectMany(mask => Enumerable.Range(mask * Classes.Count, Classes.Count))];

    private ImageCrop Whole(int index) => new(0, 0, _entries[index].Size);

    private void Unpack(int index, int[] planes, ImageCrop crop, Span<float> destination)
    {
        var entry = _entries[index];
        var size = entry.Size;
        var (top, bottom) = crop.Rows(size);
        var (left, right) = crop.Columns(size);
        if (crop != Whole(index))
        {
            destination.Clear();
        }

        // Of each plane, the bytes of the rows that are wanted.
        var start = top * size.Width / 8;
        using var bits = new RentedBytes(PackedBits.Bytes(bottom * size.Width) - start);
        for (var position = 0; position < planes.Length; position++)
        {
            _store.Read(entry.Offset + PixelBytes(entry) + ((long)planes[position] * entry.PlaneBytes) + start, bits.Span);
            var mask = destination.Slice(position * crop.Size.PixelCount, crop.Size.PixelCount);
            for (var row = top; row < bottom; row++)
            {
                var target = mask.Slice(((row - crop.Top) * crop.Size.Width) + left - crop.Left, right - left);
                var pixel = (row * size.Width) + left - (8 * start);
                for (var column = 0; column < target.Length; column++)
                {
                    target[column] = PackedBits.At(bits.Span, pixel + column);
                }
            }
        }
    }

    private string[] ReadersOf(Entry entry) => Readers.Count == 0 ? [] : _readers.NamesOf(entry.FirstMask, entry.Masks);

    private void AddDrawn(MaskSet masks)
    {
        Array.Resize(ref _drawn, Classes.Count);
        for (var plane = 0; plane < masks.Count * masks.Classes.Count; plane++)
        {
            var (mask, number) = Math.DivRem(plane, masks.Classes.Count);
            _drawn[number] = _drawn[number] || masks.Plane(mask, number).ContainsAnyExcept((byte)0);
        }
    }

    private void RequireReaders(MaskSet annotations)
    {
        if (annotations.Count > 0 && MaximumAnnotators > 0 && (annotations.Readers.Count > 0) != (Readers.Count > 0))
        {
            throw new ArgumentException(
                annotations.Readers.Count > 0
                    ? "The masks have readers and those of the images before have none; name the readers of all masks, or of none."
                    : "The masks have no readers and those of the images before have some; name the readers of all masks, or of none.",
                nameof(annotations));
        }
    }

    private void RequireClasses(MaskSet annotations)
    {
        if (annotations.Count > 0 && MaximumAnnotators > 0 && annotations.Classes != Classes)
        {
            throw new ArgumentException(
                $"The masks have the classes {annotations.Classes}, and those of the images before {Classes}; give all masks the same classes.",
                nameof(annotations));
        }
    }

    private void Require(ImagePixels pixels)
    {
        if (!Shape.Includes(pixels.Shape) || pixels.Type != Format.PixelType)
        {
            throw new ArgumentException(
                $"The image is {pixels.Shape} of {pixels.Type.InWords()}; the cache holds {Shape} of {Format.PixelType.InWords()}.", nameof(pixels));
        }

        var invalid = pixels.FindFloat(value => !float.IsFinite(value));
        if (invalid >= 0)
        {
            throw new ArgumentException(
                FormattableString.Invariant($"pixel value {invalid} is {pixels.Values<float>()[invalid]}; pixels must be finite numbers."), nameof(pixels));
        }
    }

    private int PixelBytes(Entry entry) => Shape.Channels * entry.Size.PixelCount * Format.PixelType.Size();

    private int RecordBytes(Entry entry) => PixelBytes(entry) + BitsBytes(entry);

    private int Planes(Entry entry) => entry.Masks * Classes.Count;

    private int BitsBytes(Entry entry) => (Planes(entry) + (entry.HasIgnored ? entry.Masks : 0)) * entry.PlaneBytes;

    private RentedBytes ReadPixels(int index)
    {
        var stored = new RentedBytes(PixelBytes(_entries[index]));
        _store.Read(_entries[index].Offset, stored.Span);
        return stored;
    }

    private RentedBytes ReadMasks(int index)
    {
        var entry = _entries[index];
        var bits = new RentedBytes(BitsBytes(entry));
        _store.Read(entry.Offset + PixelBytes(entry), bits.Span);
        return bits;
    }

    /// <summary>Where an image is, without an object of its own.</summary>
    /// <param name="Offset">Of its pixels, which its masks follow.</param>
    /// <param name="Size">Its size.</param>
    /// <param name="Masks">Number of its masks.</param>
    /// <param name="FirstMask">Number of masks with a reader before them.</param>
    /// <param name="Span">Its greatest less its least value.</param>
    /// <param name="HasIgnored">Whether a plane for each mask follows, of the pixels that do not count.</param>
    private readonly record struct Entry(long Offset, ImageSize Size, int Masks, int FirstMask, float Span, bool HasIgnored)
    {
        /// <summary>Bytes of one plane.</summary>
        public int PlaneBytes => PackedBits.Bytes(Size.PixelCount);
    }
}
