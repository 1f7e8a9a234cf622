using System.Text;
using AmbiSSL.Torch.Metrics;
using AmbiSSL.Torch.Reports;

namespace AmbiSSL;

/// <summary>
/// A page that shows how well the samples of one or two models fit the masks of experts: figures with intervals over subjects, charts, a table of
/// images that can be sorted by every figure, and for each image the experts' outlines, the samples, probability and uncertainty. Several classes have their
/// figures beside the means, and a color each. The page is one HTML file that loads nothing from anywhere.
/// </summary>
public sealed class EvaluationReport
{
    private const string Placeholder = "/*report*/";

    private readonly List<ReportImage> _images = [];
    private readonly List<ReportCurve> _curves = [];
    private readonly Reliability[] _reliability;
    private readonly ReaderDice _readers;
    private readonly int[] _samples;
    private double _counted;
    private bool _hasSpacing;

    /// <summary>Makes a report without images.</summary>
    /// <param name="title">What stands above all.</param>
    /// <param name="note">A sentence on where the images come from, or nothing.</param>
    /// <param name="models">The names of one model, or of two that are compared.</param>
    /// <exception cref="ArgumentException">There are no models, or more than two.</exception>
    public EvaluationReport(string title, string note, params IReadOnlyList<string> models)
    {
        ArgumentException.ThrowIfNullOrEmpty(title);
        ArgumentNullException.ThrowIfNull(note);
        ArgumentNullException.ThrowIfNull(models);
        if (models.Count is not (1 or 2))
        {
            throw new ArgumentException($"There are {models.Count} models; a report is of one model or of two.", nameof(models));
        }

        (Title, Note, Models) = (title, note, [.. models]);
        _reliability = [.. models.Select(_ => new Reliability())];
        _readers = new ReaderDice(models.Count);
        _samples = new int[models.Count];
    }

    /// <summary>What stands above all.</summary>
    public string Title { get; }

    /// <summary>A sentence on where the images come from, or nothing.</summary>
    public string Note { get; }

    /// <summary>Share of the pixels that no reader of their image ignores, of which figures are; mean over the images.</summary>
    internal double CountedShare => _counted / Count;

    /// <summary>Whether any expert's mask has a pixel inside; otherwise another value may have been meant for foreground.</summary>
    internal bool HasForeground { get; private set; }

    /// <summary>In what distances are.</summary>
    internal string Unit => _hasSpacing ? "mm" : "pixels";

    /// <summary>What is computed beside <see cref="Figure.Usual"/>, and by which conventions.</summary>
    /// <value>The default value computes the usual figures alone.</value>
    public FigureOptions Figures { get; init => field = value with { Figures = [.. Figure.Usual.Union(value.Figures)] }; } = new();

    /// <summary>The outlines with a promise of each model, which are shown beside its samples; null for a model without. Empty where none has any.</summary>
    /// <value>The default value is empty.</value>
    public IReadOnlyList<ConformalOutlines?> Outlines { get; init; } = [];

    /// <summary>The names of the models.</summary>
    public IReadOnlyList<string> Models { get; }

    /// <summary>The classes of the images; one where there is no image yet.</summary>
    internal MaskClasses Classes { get; private set; } = MaskClasses.One;

    /// <summary>Number of images so far.</summary>
    public int Count => _images.Count;

    /// <summary>
    /// Scores an image and adds it. Nothing of the arrays is kept; of an image above 512 pixels a side the page shows every second pixel, or third
    /// and so on.
    /// </summary>
    /// <param name="image">The image with at least one expert's mask.</param>
    /// <param name="drawn">What each model drew for it, always as many masks.</param>
    /// <param name="spacing">The distances of its pixels in millimeters; null to measure in pixels.</param>
    /// <exception cref="ArgumentException">
    /// The image has no mask, there is not one entry for each model, a length does not fit, a model drew another number of masks than before, some
    /// images have a spacing and others none, or its classes are not those of the images before.
    /// </exception>
    public void Add(AnnotatedImage image, IReadOnlyList<SampledMasks> drawn, PixelSpacing? spacing = null)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(drawn);
        if (drawn.Count != Models.Count)
        {
            throw new ArgumentException($"There are masks of {drawn.Count} models; the report is of {Models.Count}.", nameof(drawn));
        }

        if (Outlines.Count > 0 && Outlines.Count != Models.Count)
        {
            throw new ArgumentException(
                $"There are outlines of {Outlines.Count} models; the report is of {Models.Count}: give one or null for each.", nameof(drawn));
        }

        if (Count > 0 && _hasSpacing != spacing is not null)
        {
            throw new ArgumentException(
                $"Image '{image.Id}' has {(spacing is null ? "no spacing" : "a spacing")}, unlike those before; give one for each image, or none.",
                nameof(spacing));
        }

        var classes = image.Annotations.Classes;
        if (Count > 0 && classes != Classes)
        {
            throw new ArgumentException(
                $"Image '{image.Id}' has the classes {classes}, those before {Classes}; a report is of images of the same classes.", nameof(image));
        }

        ImageScores[] scores = [.. drawn.Select(model => ImageScores.Compute(model, image.Annotations, Figures, spacing))];
        for (var m = 0; m < drawn.Count; m++)
        {
            var samples = drawn[m].Masks.Length / (classes.Count * image.Shape.PixelCount);
            if (Count > 0 && samples != _samples[m])
            {
                throw new ArgumentException(
                    $"For image '{image.Id}' the model '{Models[m]}' drew {samples} masks, and {_samples[m]} for those before; draw as many for each.",
                    nameof(drawn));
            }

            _samples[m] = samples;
        }

        (_hasSpacing, Classes) = (spacing is not null, classes);
        var counted = new CountedPixels(image.Annotations);
        _counted += counted.Share;
        BitMask[][] experts = [.. Enumerable.Range(0, classes.Count).Select(position => counted.Masks(image.Annotations.OfClass(position).Values))];
        HasForeground |= image.Annotations.Values.AsSpan().ContainsAnyExcept((byte)0);
        for (var m = 0; m < drawn.Count; m++)
        {
            for (var position = 0; position < classes.Count; position++)
            {
                var plane = drawn[m].Probability.AsSpan(position * image.Shape.PixelCount, image.Shape.PixelCount);
                _reliability[m].Add(counted.Of<float>(plane), experts[position]);
            }

            _readers.Add(m, image.Annotations.Readers, experts, counted.Masks(drawn[m].Answer(classes)));
        }

        _images.Add(new ReportImage(image, drawn, scores, Outlines));
    }

    /// <summary>Adds a curve of a training. Curves of one name share a chart.</summary>
    /// <param name="model">The model that was trained, one of <see cref="Models"/>.</param>
    /// <param name="name">What the curve shows, such as <c>loss</c>.</param>
    /// <param name="points">Epochs, counted from 1, and values; at least one.</param>
    /// <exception cref="ArgumentException">There is no such model, or no point, or a value is not finite.</exception>
    public void AddCurve(string model, string name, IReadOnlyList<(int Epoch, double Value)> points)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(points);
        if (points.Count == 0 || points.Any(point => !double.IsFinite(point.Value)))
        {
            throw new ArgumentException(
                $"Curve '{name}' of '{model}' has no point, or a value that is not finite; give the epochs that have a value.", nameof(points));
        }

        var position = Models.ToList().IndexOf(model);
        _curves.Add(position >= 0
            ? new ReportCurve(position, name, points)
            : throw new ArgumentException($"'{model}' is none of the report's models ({string.Join(", ", Models)}).", nameof(model)));
    }

    /// <summary>Writes the page, under a temporary name first.</summary>
    /// <param name="path">The HTML file; one that is there is replaced.</param>
    /// <exception cref="InvalidOperationException">The report has no image.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Count == 0)
        {
            throw new InvalidOperationException("The report has no image; add one with a mask before saving it.");
        }

        using var page = typeof(EvaluationReport).Assembly.GetManifestResourceStream("report.html")!;
        using var reader = new StreamReader(page);
        var parts = reader.ReadToEnd().Split(Placeholder);
        AtomicFile.Write(path, stream =>
        {
            stream.Write(Encoding.UTF8.GetBytes(parts[0]));
            ReportJson.Write(stream, this, _images, _samples, _reliability, _readers, _curves);
            stream.Write(Encoding.UTF8.GetBytes(parts[1]));
        });
    }
}
