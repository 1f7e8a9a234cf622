using AmbiSSL.Torch.Imaging;

namespace AmbiSSL.Torch.Inference;

/// <summary>The rows of an image file as a model sees them: of a PNG row by row, of another file from memory.</summary>
internal sealed class FileRows : ImageRows, IDisposable
{
    private readonly IntensityScale _scale;
    private readonly PixelType _type;
    private readonly PngRowReader? _file;
    private readonly ImagePixels? _pixels;
    private readonly byte[] _row;
    private int _next;

    /// <summary>Opens a file at its first row.</summary>
    /// <param name="path">The file.</param>
    /// <param name="reading">The largest image that is read.</param>
    /// <param name="scale">The model's intensities.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is no readable PNG or JPEG, or too large.</exception>
    public FileRows(string path, ReadingOptions? reading, IntensityScale scale)
    {
        var header = ImageFile.ReadHeader(path, reading);
        if (!header.IsUpright)
        {
            throw new InvalidDataException($"Image file '{path}' has the EXIF orientation {header.Orientation}; save it upright to have it read row by row.");
        }

        (_scale, _type, Shape) = (scale, header.Type, header.Shape);
        _row = new byte[Shape.Channels * Shape.Width * _type.Size()];
        if (header.Png is { } png && PngRowReader.CanRead(png))
        {
            _file = new PngRowReader(path, png);
        }
        else
        {
            _pixels = ImageFile.ReadImage(path, reading);
        }
    }

    /// <inheritdoc/>
    public override ImageShape Shape { get; }

    /// <summary>The type of the stored values.</summary>
    public PixelType Type => _type;

    /// <summary>The least and the greatest of the values that were read, as they are stored.</summary>
    public IntensityRange Range { get; private set; } = IntensityRange.None;

    /// <inheritdoc/>
    public override void Rewind()
    {
        _next = 0;
        _file?.Rewind();
    }

    /// <inheritdoc/>
    public override void Read(Span<float> row)
    {
        if (_file is not null)
        {
            _file.Read(_row);
        }
        else
        {
            var bytes = Shape.Width * _type.Size();
            for (var channel = 0; channel < Shape.Channels; channel++)
            {
                _pixels!.Bytes.Slice(((channel * Shape.Height) + _next) * bytes, bytes).CopyTo(_row.AsSpan(channel * bytes));
            }
        }

        _next++;
        Range = Range.And(PixelValues.Range(_type, _type, _row));
        _scale.ToInput(_type, _type, _row, row);
    }

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();
}
