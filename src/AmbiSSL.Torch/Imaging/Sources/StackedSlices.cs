using System.Globalization;

namespace AmbiSSL;

/// <summary>
/// Slices of volumes with their neighbors as further channels, so that a model sees what lies above and below (2.5-D); masks are those of the slice in the
/// middle. Beyond the first and the last slice of a volume, that one is repeated.
/// </summary>
/// <remarks>
/// The columns <c>volume</c> and <c>slice</c> of <see cref="ImageRecord.Columns"/> say which volume a slice is of, and its number in it:
/// <see cref="NiftiImages"/> have them, and <c>index.csv</c> of a folder may. Volumes of one name are different ones where their subjects are. Where
/// a number is missing, the slices that are nearest by number are neighbors.
/// </remarks>
public sealed class StackedSlices : ImageSource
{
    private const string VolumeColumn = "volume";
    private const string SliceColumn = "slice";

    // The positions of the slices that an image shows, in their order.
    private readonly int[][] _stacks;

    /// <summary>Stacks the slices of a data set.</summary>
    /// <param name="slices">The data set.</param>
    /// <param name="count">Slices of an image: an odd number of at least 3.</param>
    /// <exception cref="ArgumentException">The number is even or less than 3.</exception>
    /// <exception cref="InvalidDataException">A record does not say its volume and its number, or two are the same.</exception>
    public StackedSlices(ImageSource slices, int count)
    {
        ArgumentNullException.ThrowIfNull(slices);
        if (count < 3 || count % 2 == 0)
        {
            throw new ArgumentException($"{count} slices are asked for; give an odd number of at least 3, so that one is in the middle.", nameof(count));
        }

        Slices = slices;
        Format = slices.Format with { Shape = slices.Shape with { Channels = count * slices.Shape.Channels } };
        _stacks = new int[slices.Count][];
        foreach (var volume in Enumerable.Range(0, slices.Count).GroupBy(
            position => (slices.Records[position].Subject, Volume: Column(slices.Records[position], VolumeColumn))))
        {
            var ordered = volume.OrderBy(position => Number(slices.Records[position])).ToArray();
            for (var i = 0; i < ordered.Length; i++)
            {
                if (i > 0 && Number(slices.Records[ordered[i]]) == Number(slices.Records[ordered[i - 1]]))
                {
                    throw new InvalidDataException(
                        $"Images '{slices.Records[ordered[i - 1]].Id}' and '{slices.Records[ordered[i]].Id}' are both slice "
                        + $"{Number(slices.Records[ordered[i]])} of volume '{volume.Key.Volume}'; number the slices of a volume apart.");
                }

                _stacks[ordered[i]] = [.. Enumerable.Range(i - (count / 2), count).Select(place => ordered[Math.Clamp(place, 0, ordered.Length - 1)])];
            }
        }
    }

    /// <summary>The slices themselves.</summary>
    public ImageSource Slices { get; }

    /// <inheritdoc/>
    public override ImageFormat Format { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<ImageRecord> Records => Slices.Records;

    /// <inheritdoc/>
    public override IReadOnlyList<LeftOutFile> LeftOut => Slices.LeftOut;

    /// <inheritdoc/>
    public override MaskClasses Classes => Slices.Classes;

    /// <inheritdoc/>
    public override bool MayIgnorePixels => Slices.MayIgnorePixels;

    /// <inheritdoc/>
    internal override (ImageShape Shape, PixelType Type) Stored(int index)
    {
        var (shape, type) = Slices.Stored(index);
        return (shape with { Channels = _stacks[index].Length * shape.Channels }, type);
    }

    /// <inheritdoc/>
    protected override AnnotatedImage ReadImage(int index)
    {
        var read = _stacks[index].Distinct().ToDictionary(position => position, Slices.Read);
        var own = read[index];
        if (read.Values.FirstOrDefault(slice => slice.Shape != own.Shape) is { } other)
        {
            throw new InvalidDataException(
                $"Slice '{other.Id}' is {other.Shape}, but '{own.Id}' of the same volume is {own.Shape}; the slices of a volume need one size.");
        }

        return new AnnotatedImage(own.Id, own.Subject, ImagePixels.Stack([.. _stacks[index].Select(position => read[position].Pixels)]), own.Annotations);
    }

    private static long Number(ImageRecord record) =>
        long.TryParse(Column(record, SliceColumn), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new InvalidDataException(
                $"Image '{record.Id}' has the slice '{record.Columns[SliceColumn]}', which is no whole number; number the slices of each volume.");

    private static string Column(ImageRecord record, string name) => record.Columns.TryGetValue(name, out var value) && value.Length > 0
        ? value
        : throw new InvalidDataException(
            $"Image '{record.Id}' does not say its {name}; slices are stacked by the columns {VolumeColumn} and {SliceColumn} of "
            + "index.csv, which NIfTI volumes have by themselves.");
}
