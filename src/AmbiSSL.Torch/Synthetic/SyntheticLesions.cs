using System.Globalization;
using AmbiSSL.Torch.Imaging;
using AmbiSSL.Torch.Synthetic;

namespace AmbiSSL;

/// <summary>
/// Made-up CT-like slices with one lesion each and a panel of annotators who disagree in known ways, so that the true distribution of
/// masks is known exactly.
/// </summary>
/// <remarks>
/// <para>
/// Annotators differ in the level of the lesion's soft edge at which they draw, in equal steps from tight (reader r1) to loose (the last
/// one), and in how often they include spicules, from 15 to 85 %; <see cref="SyntheticLesionOptions.StyleSpread"/> sets the steps. So
/// masks grow on average from reader to reader, while those of a single image may cross: each annotator draws with a wobble, and leaves out a
/// lesion now and then, faint ones more often. The masks of an image are one drawing by each annotator. The true distribution is that of a
/// drawing by an annotator chosen at random.
/// </para>
/// <para>
/// With <see cref="SyntheticLesionOptions.Classes"/> masks have two or three classes. The core of a lesion has an edge of its own, at 0.6 of the
/// radius, at which each annotator draws with another wobble at the same level as at the lesion's; one in ten drawings has no core, and all is rim.
/// Two kinds of lesion lie anywhere in the middle of the image, each drawn for itself by the same annotator; where they exclude each other, a pixel
/// that is drawn as both is of the solid one.
/// </para>
/// <para>
/// Everything is a pure function of the options and the index, made on demand. Pixels are of 8 bits. The
/// only platform dependence is the last bit of <see cref="Math"/>'s functions.
/// </para>
/// </remarks>
public sealed class SyntheticLesions : ImageSource
{
    private const string Core = "core";
    private const string Rim = "rim";
    private const string Solid = "solid";
    private const string Striped = "striped";

    private readonly SyntheticLesionOptions _options;
    private readonly SyntheticAnnotator[] _annotators;
    private readonly ImageSize _size;

    /// <summary>Makes the records; images are made when they are read.</summary>
    /// <param name="options">Number, size, annotators, seed; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public SyntheticLesions(SyntheticLesionOptions? options = null)
    {
        _options = options ?? new SyntheticLesionOptions();
        _options.Validate();
        _annotators = [.. Enumerable.Range(0, _options.Annotators)
            .Select(slot => new SyntheticAnnotator(slot, _options.Annotators, _options.StyleSpread))];
        _size = new ImageSize(_options.Height, _options.Width);
        Format = new ImageFormat(new ImageShape(1, _options.Height, _options.Width), PixelType.UInt8, Preprocessing.None);
        Classes = _options.Classes switch
        {
            SyntheticClasses.CoreAndRim => new MaskClasses([Core, Rim]),
            SyntheticClasses.TwoKinds => new MaskClasses([Solid, Striped], overlap: true),
            SyntheticClasses.CoreRimAndStriped => new MaskClasses([Core, Rim, Striped]),
            _ => MaskClasses.One,
        };
        int[] numbers = [.. Enumerable.Range(1, _options.Annotators)];
        var readers = ReaderNames.OfNumbers(numbers);
        Records = [.. Enumerable.Range(0, _options.Images).Select(index => MakeRecord(index, numbers, readers))];
    }

    /// <inheritdoc/>
    public override ImageFormat Format { get; }

    /// <inheritdoc/>
    public override MaskClasses Classes { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<ImageRecord> Records { get; }

    /// <summary>Draws masks from the true distribution: each by an annotator chosen at random, with new wobbles and coin tosses.</summary>
    /// <param name="index">0 to <see cref="ImageSource.Count"/> - 1.</param>
    /// <param name="count">Number of masks N, at least 0. The first masks of a larger number are those of a smaller.</param>
    /// <param name="seed">Another seed, other masks.</param>
    /// <returns>N·K·H·W values in [N, K, H, W] order, 0 or 1.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such image, or the count is negative.</exception>
    public byte[] DrawAnnotations(int index, int count, int seed)
    {
        RequireIndex(index);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var (lesion, striped) = Lesions(index);
        var length = Classes.Count * _size.PixelCount;
        var masks = new byte[checked(count * length)];
        for (var number = 0; number < count; number++)
        {
            var random = new SyntheticRandom(_options.Seed, SyntheticStream.Draw, index, seed, number);
            var annotator = _annotators[random.NextInteger(_annotators.Length)];
            Draw(annotator, lesion, striped, random, masks.AsSpan(number * length, length));
        }

        return masks;
    }

    /// <summary>The probability of each pixel under the true distribution, in closed form, to 1e-6.</summary>
    /// <param name="index">0 to <see cref="ImageSource.Count"/> - 1.</param>
    /// <returns>K·H·W values in [K, H, W] order, 0 to 1.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such image.</exception>
    public float[] TrueProbability(int index) => TrueProbability(index, _annotators);

    /// <summary>The probability of each pixel in a drawing by one annotator, in closed form, to 1e-6.</summary>
    /// <param name="index">0 to <see cref="ImageSource.Count"/> - 1.</param>
    /// <param name="annotator">0, the tightest, to <see cref="SyntheticLesionOptions.Annotators"/> - 1, the loosest.</param>
    /// <returns>
    /// K·H·W values in [K, H, W] order, 0 to 1; no pixel's value falls from one annotator to the next, but for the rim where the core grows, and for
    /// what lies below it where a solid lesion does.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such image or annotator.</exception>
    public float[] TrueProbability(int index, int annotator)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(annotator);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(annotator, _annotators.Length);
        return TrueProbability(index, [_annotators[annotator]]);
    }

    /// <inheritdoc/>
    protected override AnnotatedImage ReadImage(int index)
    {
        var (lesion, striped) = Lesions(index);
        var length = Classes.Count * _size.PixelCount;
        var masks = new byte[_annotators.Length * length];
        for (var slot = 0; slot < _annotators.Length; slot++)
        {
            var random = new SyntheticRandom(_options.Seed, SyntheticStream.Annotation, index, slot);
            Draw(_annotators[slot], lesion, striped, random, masks.AsSpan(slot * length, length));
        }

        var record = Records[index];
        var pixels = new ImagePixels(Shape, SyntheticScan.Render(_options, lesion, striped, index));
        return new AnnotatedImage(record.Id, record.Subject, pixels, new MaskSet(_size, masks, record.Readers, ignored: null, Classes));
    }

    private (SyntheticLesion Lesion, SyntheticLesion? Striped) Lesions(int index) => (
        new SyntheticLesion(_options, index),
        Classes.Names.Contains(Striped) ? new SyntheticLesion(_options, index, SyntheticStream.StripedLesion) : null);

    private void Draw(SyntheticAnnotator annotator, SyntheticLesion lesion, SyntheticLesion? striped, SyntheticRandom random, Span<byte> planes)
    {
        var solid = striped is null ? planes : planes[..^_size.PixelCount];
        if (Classes.Names.Contains(Core))
        {
            annotator.DrawCoreAndRim(lesion, random, solid);
        }
        else
        {
            annotator.Draw(lesion, random, solid);
        }

        if (striped is null)
        {
            return;
        }

        var below = planes[^_size.PixelCount..];
        annotator.Draw(striped, random, below);
        for (var position = 0; Classes.IsExclusive && position < solid.Length; position++)
        {
            below[position % below.Length] &= (byte)(1 - solid[position]);
        }
    }

    private float[] TrueProbability(int index, SyntheticAnnotator[] annotators)
    {
        RequireIndex(index);
        var (lesion, striped) = Lesions(index);
        var probability = new float[Classes.Count * _size.PixelCount];
        for (var position = 0; position < probability.Length; position++)
        {
            var (name, pixel) = (Classes.Names[position / _size.PixelCount], position % _size.PixelCount);
            probability[position] = (float)annotators.Average(annotator => name switch
            {
                Core => annotator.CoreAndRimProbability(lesion, pixel).Core,
                Rim => annotator.CoreAndRimProbability(lesion, pixel).Rim,
                Striped => annotator.Probability(striped!, pixel) * (Classes.IsExclusive ? 1 - annotator.Probability(lesion, pixel) : 1),
                _ => annotator.Probability(lesion, pixel),
            });
        }

        return probability;
    }

    private ImageRecord MakeRecord(int index, int[] numbers, string[] readers) => new()
    {
        Id = string.Create(CultureInfo.InvariantCulture, $"synthetic_{index:00000}"),
        Subject = string.Create(CultureInfo.InvariantCulture, $"subject_{index / _options.ImagesPerSubject:00000}"),
        Annotators = numbers,
        Readers = readers,
    };
}
