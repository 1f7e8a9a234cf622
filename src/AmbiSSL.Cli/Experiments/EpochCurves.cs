using System.Globalization;
using System.Text;
using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Training;

namespace AmbiSSL.Cli.Experiments;

/// <summary>
/// What a run is like after each epoch: the means of its loss terms, the figures on the images that it is evaluated on, and those on unlabeled
/// training images against their withheld annotations; for AmbiSSL, of each of its decoders.
/// </summary>
internal sealed class EpochCurves : IProgress<TrainingProgress>, IDisposable
{
    private const int MostUnlabeled = 200;

    private readonly IProgress<TrainingProgress> _inner;
    private readonly (string Part, ValidationSet Images)[] _parts;
    private readonly List<ImageCache> _caches = [];
    private readonly StringBuilder _rows = new("epoch,part,series,value\n");

    /// <param name="source">All images.</param>
    /// <param name="parts">Whom the run learns from and whom it is evaluated on.</param>
    /// <param name="evaluation">Name of the part that is evaluated on.</param>
    /// <param name="inner">Receives the progress too.</param>
    public EpochCurves(ImageSource source, FoldParts parts, string evaluation, IProgress<TrainingProgress> inner)
    {
        _inner = inner;
        var withheld = Positions(source, subject => parts.Train.Contains(subject) && !parts.Labeled.Contains(subject));
        var every = Math.Max(1, (withheld.Length + MostUnlabeled - 1) / MostUnlabeled);
        _parts =
        [
            (evaluation, Read(source, Positions(source, parts.Evaluation.Contains))),
            .. withheld.Length == 0 ? [] : new[] { ("unlabeled", Read(source, withheld.Where((_, i) => i % every == 0))) },
        ];
    }

    /// <inheritdoc/>
    public void Report(TrainingProgress value)
    {
        _inner.Report(value);
        if (value.Model is not { } model)
        {
            return;
        }

        foreach (var (name, loss) in value.Losses)
        {
            Add(value.Epoch, "training", name, loss);
        }

        var options = model.Options;
        if (options is not AmbiSSLOptions { TrainsThetaAlone: false } own)
        {
            Score(value.Epoch, "", model);
            return;
        }

        foreach (var decoder in value.Epoch > own.WarmUpEpochs ? Enum.GetValues<DecoderName>() : [DecoderName.Theta])
        {
            model.SampleAs(own with { InferenceDecoder = decoder });
            Score(value.Epoch, $"_{decoder.ToString().ToLowerInvariant()}", model);
        }

        model.SampleAs(options);
    }

    /// <summary>Writes the curves as CSV, under a temporary name first.</summary>
    public void Save(string path) => AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(_rows.ToString())));

    /// <inheritdoc/>
    public void Dispose() => _caches.ForEach(cache => cache.Dispose());

    private static int[] Positions(ImageSource source, Func<string, bool> isIn) =>
        [.. Enumerable.Range(0, source.Records.Count).Where(i => isIn(source.Records[i].Subject))];

    private ValidationSet Read(ImageSource source, IEnumerable<int> positions)
    {
        var cache = new ImageCache(source.Format);
        _caches.Add(cache);
        foreach (var position in positions)
        {
            var image = source.Read(position);
            cache.Add(image.Pixels, image.Annotations);
        }

        return new ValidationSet(cache);
    }

    private void Score(int epoch, string suffix, SegmentationModel model)
    {
        foreach (var (part, images) in _parts)
        {
            var scores = images.Score(model, () => { });
            Add(epoch, part, "ged" + suffix, scores[Figure.Ged].Mean);
            Add(epoch, part, "dice_soft" + suffix, scores[Figure.DiceSoft].Mean);
            Add(epoch, part, "diversity" + suffix, scores[Figure.SampleDiversity].Mean);
        }
    }

    private void Add(int epoch, string part, string series, double value) =>
        _rows.Append(CultureInfo.InvariantCulture, $"{epoch},{part},{series},{value:G6}\n");
}
