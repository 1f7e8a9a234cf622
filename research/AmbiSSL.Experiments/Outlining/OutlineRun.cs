using AmbiSSL.Cli.Data;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace AmbiSSL.Experiments.Outlining;

/// <summary>
/// Outlines one image each of further patients round after round, as each rule chooses them, and trains after each round: neighboring slices of a patient look
/// alike, so that equal numbers of outlines would be unequal budgets. All rules begin with the same images and model.
/// </summary>
/// <param name="setting">How much.</param>
/// <param name="pool">Images to choose from.</param>
/// <param name="test">Images to evaluate on.</param>
/// <param name="seed">Of the first images and of all weights.</param>
/// <param name="cancellation">Ends it.</param>
internal sealed class OutlineRun(OutlineSetting setting, ImageSource pool, ImageSource test, int seed, CancellationToken cancellation)
{
    private const int Members = 2;

    private readonly AmbiguousSegmentationCatalog _segmentation = new MLContext(seed).AmbiguousSegmentation();

    /// <summary>The figures of each rule after each round.</summary>
    public IEnumerable<OutlineRow> Rows()
    {
        int[] first = OneOfEach(Shuffled(0), setting.First);
        using var start = Train(first, seed);
        var scores = Evaluate(start);
        foreach (var rule in Enum.GetValues<OutlineRule>())
        {
            yield return Row(rule, first.Length, scores);
            var outlined = first;
            var model = start;
            for (var round = 1; round <= setting.Rounds; round++)
            {
                outlined = [.. outlined, .. Choose(rule, model, outlined, round)];
                if (model != start)
                {
                    model.Dispose();
                }

                model = Train(outlined, seed);
                yield return Row(rule, outlined.Length, Evaluate(model));
            }

            model.Dispose();
        }
    }

    private OutlineRow Row(OutlineRule rule, int outlined, AmbiguousSegmentationMetrics scores) =>
        new(rule, seed, outlined, scores.Ged, scores.DiceSoft);

    private AmbiguousSegmentationTransformer Train(IReadOnlyList<int> outlined, int weights) =>
        _segmentation.Trainers.Supervised(setting.Options(outlined.Count, weights), run: new RunOptions { CancellationToken = cancellation })
            .Fit(Load(outlined));

    private AmbiguousSegmentationMetrics Evaluate(AmbiguousSegmentationTransformer model) =>
        _segmentation.Evaluate(model.Transform(_segmentation.Load(test)));

    private IDataView Load(IReadOnlyList<int> positions) =>
        _segmentation.Load(new ImageSelection(pool, positions, cancellation.ThrowIfCancellationRequested));

    private int[] Choose(OutlineRule rule, AmbiguousSegmentationTransformer model, int[] outlined, int round)
    {
        var known = outlined.Select(Subject).ToHashSet();
        int[] open = [.. Enumerable.Range(0, pool.Count).Where(position => !known.Contains(Subject(position)))];
        return rule switch
        {
            OutlineRule.Random => OneOfEach(Shuffled(round).Intersect(open), setting.Step),
            OutlineRule.Samples => Highest(open, Draw(model, open).Select(drawn => Spread(drawn))),
            OutlineRule.Models => Highest(open, Differences(model, outlined, open)),
            OutlineRule.Diversity => Farthest(model, outlined, open),
            _ => throw new ArgumentOutOfRangeException(nameof(rule), rule, null),
        };
    }

    private int[] Highest(int[] open, IEnumerable<double> scores) =>
        OneOfEach(open.Zip(scores).OrderByDescending(pair => pair.Second).Select(pair => pair.First), setting.Step);

    private int[] OneOfEach(IEnumerable<int> positions, int subjects) => [.. positions.DistinctBy(Subject).Take(subjects)];

    private string Subject(int position) => pool.Records[position].Subject;

    private IEnumerable<double> Differences(AmbiguousSegmentationTransformer model, int[] outlined, int[] open)
    {
        var drawn = new List<SampledMasks[]> { Draw(model, open) };
        for (var member = 1; member < Members; member++)
        {
            using var other = Train(outlined, seed + (1000 * member));
            drawn.Add(Draw(other, open));
        }

        return Enumerable.Range(0, open.Length).Select(i => (
            from a in Enumerable.Range(0, Members)
            from b in Enumerable.Range(0, a)
            select Compare(drawn[a][i], drawn[b][i])[Figure.Ged]).Average());
    }

    private int[] Farthest(AmbiguousSegmentationTransformer model, int[] outlined, int[] open)
    {
        var features = Enumerable.Range(0, pool.Count).Select(i => model.Model.Features(model.Model.ToInput(pool.Read(i).Pixels, pool.Format.Source)))
            .ToArray();
        var distances = open.Select(i => outlined.Min(j => Distance(features[i], features[j]))).ToArray();
        var chosen = new int[setting.Step];
        for (var n = 0; n < chosen.Length; n++)
        {
            chosen[n] = open[Array.IndexOf(distances, distances.Max())];
            for (var i = 0; i < open.Length; i++)
            {
                distances[i] = Subject(open[i]) == Subject(chosen[n]) ? -1 : Math.Min(distances[i], Distance(features[open[i]], features[chosen[n]]));
            }
        }

        return chosen;
    }

    private SampledMasks[] Draw(AmbiguousSegmentationTransformer model, int[] positions)
    {
        var scored = model.Transform(Load(positions));
        return
        [
            .. scored.GetColumn<VBuffer<byte>>(model.Columns.Masks).Zip(
                scored.GetColumn<VBuffer<float>>(model.Columns.Probability),
                (masks, probability) => new SampledMasks([.. masks.DenseValues()], [.. probability.DenseValues()])),
        ];
    }

    private double Spread(SampledMasks drawn) => Compare(drawn, drawn)[Figure.SampleDiversity];

    private ImageScores Compare(SampledMasks samples, SampledMasks others) =>
        ImageScores.Compute(samples.Masks, samples.Probability, others.Masks, pool.Shape.Height, pool.Shape.Width);

    private static double Distance(float[] a, float[] b) => a.Zip(b, (x, y) => (double)(x - y) * (x - y)).Sum();

    private int[] Shuffled(int round)
    {
        int[] positions = [.. Enumerable.Range(0, pool.Count)];
        new Random((seed * 1000) + round).Shuffle(positions);
        return positions;
    }
}
