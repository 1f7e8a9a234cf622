using System.Globalization;
using System.Text;
using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Training;

namespace AmbiSSL.Cli.Experiments;

/// <summary>
/// What a run is like after each epoch: the means of its loss terms, the figures on the images that it is evaluated on, and those on unlabeled
/// training images against their withheld annotations; for AmbiSSL, of each of its decoders.
/// </summary>
internal sealed class EpochCurves : IDisposable
{
    private const int MostUnlabeled = 200;

    private readonly (string Part, ValidationSet Images)[] _parts;
    private readonly List<ImageCache> _caches = [];
    private readonly StringBuilder _rows = new("epoch,part,series,value\n");

    /// <param name="source">All images.</param>
    /// <param name="parts">Whom the run learns from and whom it is evaluated on.</param>
    /// <param name="evaluation">Name of the part that is evaluated on.</param>
    public EpochCurves(ImageSource source, FoldParts parts, string evaluation)
    {
        var withheld = Positions(source, subject => parts.Train.Contains(subject) && !parts.Labeled.Contains(subject));
        var every = Math.Max(1, (withheld.Length + MostUnlabeled - 1) / MostUnlabeled);
        _parts =
        [
            (evaluation, Read(source, Positions(source, parts.Evaluation.Contains))),
            .. withheld.Length == 0 ? [] : new[] { ("unlabeled", Read(source, withheld.Where((_, i) => i % every == 0))) },
        ];
    }

    /// <summary>Adds the curves of an epoch.</summary>
    public void Add(TrainingProgress progress, SegmentationModel? model)
    {
        foreach (var (name, loss) in progress.Losses)
        {
            Add(progress.Epoch, "training", name, loss);
        }

        if (model is not null)
        {
            Score(progress.Epoch, model);
        }
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

    private void Score(int epoch, SegmentationModel model)
    {
        foreach (var (part, images) in _parts)
        {
            var scores = images.Score(model, () => { });
            Add(epoch, part, "ged", scores[Figure.Ged].Mean);
            Add(epoch, part, "dice_soft", scores[Figure.DiceSoft].Mean);
            Add(epoch, part, "diversity", scores[Figure.SampleDiversity].Mean);
        }
    }

    private void Add(int epoch, string part, string series, double value) =>
        _rows.Append(CultureInfo.InvariantCulture, $"{epoch},{part},{series},{value:G6}\n");
}
