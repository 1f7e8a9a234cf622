using System.Globalization;
using AmbiSSL.Torch.Synthetic;

namespace AmbiSSL;

/// <summary>
/// Made-up large images with many lesions, such as those of <see cref="SyntheticLesions"/>, each alone in a field of 128x128 pixels, about which annotators
/// disagree in known ways. The lesions of an image are independent: in each mask another annotator, chosen for each lesion anew, draws it.
/// </summary>
/// <remarks>
/// The true distribution is that of drawings by an annotator chosen at random for each lesion, so that the sizes of two lesions of an image have no
/// covariance. A mask of an image is thus no reader's, and readers have no names. Everything is a pure function of the options and the index, made on
/// demand.
/// </remarks>
public sealed class SyntheticSlides : ImageSource
{
    /// <summary>Rows and columns of the field of a lesion.</summary>
    public const int FieldSide = 128;

    private static readonly ImageSize Field = new(FieldSide, FieldSide);

    private readonly SyntheticSlideOptions _options;
    private readonly SyntheticAnnotator[] _annotators;

    /// <summary>Makes the records; images are made when they are read.</summary>
    /// <param name="options">Number, size, lesions, annotators, seed; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public SyntheticSlides(SyntheticSlideOptions? options = null)
    {
        _options = options ?? new SyntheticSlideOptions();
        _options.Validate();
        _annotators = [.. Enumerable.Range(0, _options.Annotators).Select(slot => new SyntheticAnnotator(slot, _options.Annotators, _options.StyleSpread))];
        Format = new ImageFormat(new ImageShape(1, _options.Height, _options.Width), PixelType.UInt8, Preprocessing.None);
        Records = [.. Enumerable.Range(0, _options.Images).Select(MakeRecord)];
    }

    /// <inheritdoc/>
    public override ImageFormat Format { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<ImageRecord> Records { get; }

    /// <summary>The fields of the lesions of an image, which do not overlap.</summary>
    /// <param name="index">0 to <see cref="ImageSource.Count"/> - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such image.</exception>
    public IReadOnlyList<ImageCrop> Fields(int index)
    {
        RequireIndex(index);
        var columns = _options.Width / FieldSide;
        int[] cells = [.. Enumerable.Range(0, _options.Height / FieldSide * columns)];
        var random = new SyntheticRandom(_options.Seed, SyntheticStream.Place, index);
        var fields = new ImageCrop[_options.Lesions];
        for (var lesion = 0; lesion < fields.Length; lesion++)
        {
            var chosen = lesion + random.NextInteger(cells.Length - lesion);
            (cells[lesion], cells[chosen]) = (cells[chosen], cells[lesion]);
            fields[lesion] = new ImageCrop(cells[lesion] / columns * FieldSide, cells[lesion] % columns * FieldSide, Field);
        }

        return fields;
    }

    /// <summary>The probability of each pixel of a lesion's field under the true distribution, in closed form, to 1e-6.</summary>
    /// <param name="index">0 to <see cref="ImageSource.Count"/> - 1.</param>
    /// <param name="lesion">Position of the lesion in <see cref="Fields"/>.</param>
    /// <returns>128·128 values from 0 to 1.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such image or lesion.</exception>
    public float[] TrueProbability(int index, int lesion)
    {
        var drawn = Lesion(index, lesion);
        return [.. Enumerable.Range(0, Field.PixelCount).Select(pixel => (float)_annotators.Average(annotator => annotator.Probability(drawn, pixel)))];
    }

    /// <summary>Draws masks of a lesion's field from the true distribution: each by an annotator chosen at random.</summary>
    /// <param name="index">0 to <see cref="ImageSource.Count"/> - 1.</param>
    /// <param name="lesion">Position of the lesion in <see cref="Fields"/>.</param>
    /// <param name="count">Number of masks N, at least 0. The first masks of a larger number are those of a smaller.</param>
    /// <param name="seed">Another seed, other masks.</param>
    /// <returns>N·128·128 values in [N, H, W] order, 0 or 1.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such image or lesion, or the count is negative.</exception>
    public byte[] DrawAnnotations(int index, int lesion, int count, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var drawn = Lesion(index, lesion);
        var masks = new byte[count * Field.PixelCount];
        for (var number = 0; number < count; number++)
        {
            var random = new SyntheticRandom(_options.Seed, SyntheticStream.Draw, index, lesion, seed, number);
            _annotators[random.NextInteger(_annotators.Length)].Draw(drawn, random, masks.AsSpan(number * Field.PixelCount, Field.PixelCount));
        }

        return masks;
    }

    /// <inheritdoc/>
    protected override AnnotatedImage ReadImage(int index)
    {
        var fields = Fields(index);
        SyntheticLesion[] lesions = [.. Enumerable.Range(0, fields.Count).Select(lesion => Lesion(index, lesion))];
        var masks = new byte[_annotators.Length * Shape.PixelCount];
        var drawn = new byte[Field.PixelCount];
        for (var lesion = 0; lesion < lesions.Length; lesion++)
        {
            var panel = Panel(index, lesion);
            for (var mask = 0; mask < panel.Length; mask++)
            {
                panel[mask].Draw(lesions[lesion], new SyntheticRandom(_options.Seed, SyntheticStream.Annotation, index, lesion, mask), drawn);
                for (var row = 0; row < FieldSide; row++)
                {
                    var start = (mask * Shape.PixelCount) + ((fields[lesion].Top + row) * Shape.Width) + fields[lesion].Left;
                    drawn.AsSpan(row * FieldSide, FieldSide).CopyTo(masks.AsSpan(start));
                }
            }
        }

        var pixels = new ImagePixels(Shape, SyntheticSlideScan.Render(_options, [.. fields.Zip(lesions)], index));
        return new AnnotatedImage(Records[index].Id, Records[index].Subject, pixels, new MaskSet(Shape.Size, masks));
    }

    private SyntheticLesion Lesion(int index, int lesion)
    {
        RequireIndex(index);
        ArgumentOutOfRangeException.ThrowIfNegative(lesion);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(lesion, _options.Lesions);
        return new SyntheticLesion(_options.Field, (index * _options.Lesions) + lesion);
    }

    /// <summary>Who draws a lesion in each mask.</summary>
    private SyntheticAnnotator[] Panel(int index, int lesion)
    {
        var random = new SyntheticRandom(_options.Seed, SyntheticStream.Panel, index, lesion);
        SyntheticAnnotator[] panel = [.. _annotators];
        for (var mask = 0; mask < panel.Length; mask++)
        {
            var chosen = mask + random.NextInteger(panel.Length - mask);
            (panel[mask], panel[chosen]) = (panel[chosen], panel[mask]);
        }

        return panel;
    }

    private ImageRecord MakeRecord(int index) => new()
    {
        Id = string.Create(CultureInfo.InvariantCulture, $"slide_{index:00000}"),
        Subject = string.Create(CultureInfo.InvariantCulture, $"subject_{index:00000}"),
        Annotators = [.. Enumerable.Range(1, _options.Annotators)],
    };
}
