using AmbiSSL.MLNet.Columns;
using AmbiSSL.Torch.Metrics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace AmbiSSL.MLNet.Evaluation;

/// <summary>Scores the annotators' own masks of a cursor's rows.</summary>
internal sealed class AnnotatorScores
{
    private readonly MaskLayout _layout;
    private readonly string[] _readers;
    private readonly VectorValues<byte> _masks;
    private readonly List<double>[] _dice;

    /// <param name="context">Marks the errors.</param>
    /// <param name="column">Column of the annotators' masks, which <see cref="Find"/> found.</param>
    /// <param name="shape">Size of the sampled masks, which the annotators' must have.</param>
    /// <param name="cursor">The rows.</param>
    /// <exception cref="ArgumentOutOfRangeException">The masks have another size.</exception>
    public AnnotatorScores(IExceptionContext context, DataViewSchema.Column column, ImageShape shape, DataViewRowCursor cursor)
    {
        var size = ((VectorDataViewType)column.Type).Dimensions;
        if ((size[^2], size[^1]) != (shape.Height, shape.Width))
        {
            throw ColumnErrors.Mismatch(
                context, nameof(column), "annotator masks", column.Name, $"masks of {shape.Size} pixels, as the sampled ones are",
                $"{size[^2]}x{size[^1]}", "evaluate what one trained transformer's Transform returns");
        }

        _layout = MaskLayout.Of(column);
        _readers = ReadersAnnotation.Read(column);
        _masks = new VectorValues<byte>(cursor.GetGetter<VBuffer<byte>>(column));
        _dice = [.. Enumerable.Range(0, size[0]).Select(_ => new List<double>())];
    }

    /// <summary>Finds the column of the annotators' masks.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It has another type.</exception>
    public static DataViewSchema.Column Find(IHostEnvironment context, DataViewSchema schema, SegmentationColumns columns)
    {
        var layout = MaskLayout.Of(schema[columns.AnnotatorMasks]);
        return ScoredRows.FindOutput(context, schema, columns.AnnotatorMasks, "annotator masks", NumberDataViewType.Byte, $"A, {layout.Dimensions}");
    }

    /// <summary>Scores the current row, by the mean over classes.</summary>
    /// <param name="experts">The experts' masks.</param>
    /// <param name="counted">The pixels that none of them ignores.</param>
    public void Add(MaskSet experts, CountedPixels counted)
    {
        var own = new MaskSet(experts.Size, _layout.Planes(_masks.Read(), experts.Size.PixelCount), null, null, _layout.Classes);
        var areas = counted.Masks(experts.Values).Chunk(_layout.Classes.Count).Select(planes => planes.Sum(plane => plane.Area));
        double[][] classes = [.. Enumerable.Range(0, _layout.Classes.Count).Select(position => OfClass(own.OfClass(position), experts.OfClass(position)))];
        double[] dice = [.. Enumerable.Range(0, _dice.Length).Select(annotator => classes.Average(one => one[annotator]))];
        for (var annotator = 0; annotator < dice.Length; annotator++)
        {
            _dice[annotator].Add(dice[annotator]);
        }

        double[] OfClass(MaskSet predicted, MaskSet drawn) => _readers.Length > 0
            ? AnnotatorDice.ByReader(counted.Masks(predicted.Values), _readers, counted.Masks(drawn.Values), drawn.Readers)
            : AnnotatorDice.ByRank(counted.Masks(predicted.Values), counted.Masks(drawn.Values), areas);
    }

    /// <summary>Each annotator's Dice, averaged over the rows that have the annotator's mask, by reader's name or "rank 1" and so on.</summary>
    public Dictionary<string, ScoreAverage> Averages() =>
        Dice().ToDictionary(own => own.Annotator, own => ScoreAverage.Of(own.Dice), StringComparer.Ordinal);

    /// <summary>Each annotator's Dice of each row; NaN where the row lacks the annotator's mask.</summary>
    public IEnumerable<(string Annotator, double[] Dice)> Dice() => _dice.Select((dice, annotator) => (
        _readers.Length > 0 ? _readers[annotator] : FormattableString.Invariant($"rank {annotator + 1}"), dice.ToArray()));
}
