using AmbiSSL.MLNet.Columns;
using AmbiSSL.Torch.Metrics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace AmbiSSL.MLNet.Evaluation;

/// <summary>Scores the annotators' own masks of a cursor's rows.</summary>
internal sealed class AnnotatorScores
{
    private readonly ImageShape _shape;
    private readonly string[] _readers;
    private readonly VectorValues<byte> _masks;
    private readonly List<double>[] _dice;

    /// <param name="context">Marks the errors.</param>
    /// <param name="column">Column of the annotators' masks, [A, H, W].</param>
    /// <param name="shape">Size of the sampled masks, which the annotators' must have.</param>
    /// <param name="cursor">The rows.</param>
    /// <exception cref="ArgumentOutOfRangeException">The masks have another size.</exception>
    public AnnotatorScores(IExceptionContext context, DataViewSchema.Column column, ImageShape shape, DataViewRowCursor cursor)
    {
        var size = ((VectorDataViewType)column.Type).Dimensions;
        if ((size[1], size[2]) != (shape.Height, shape.Width))
        {
            throw ColumnErrors.Mismatch(
                context, nameof(column), "annotator masks", column.Name, $"masks of {shape.Size} pixels, as the sampled ones are",
                $"{size[1]}x{size[2]}", "evaluate what one trained transformer's Transform returns");
        }

        _shape = shape;
        _readers = ReadersAnnotation.Read(column);
        _masks = new VectorValues<byte>(cursor.GetGetter<VBuffer<byte>>(column));
        _dice = [.. Enumerable.Range(0, size[0]).Select(_ => new List<double>())];
    }

    /// <summary>Scores the current row.</summary>
    /// <param name="experts">The experts' masks.</param>
    /// <param name="counted">The pixels that none of them ignores.</param>
    public void Add(MaskSet experts, CountedPixels counted)
    {
        var (predicted, drawn) = (counted.Masks(_masks.Read()), counted.Masks(experts.Values));
        var dice = _readers.Length > 0
            ? AnnotatorDice.ByReader(predicted, _readers, drawn, experts.Readers)
            : AnnotatorDice.ByRank(predicted, drawn);
        for (var annotator = 0; annotator < dice.Length; annotator++)
        {
            _dice[annotator].Add(dice[annotator]);
        }
    }

    /// <summary>Each annotator's Dice, averaged over the rows that have the annotator's mask, by reader's name or "rank 1" and so on.</summary>
    public Dictionary<string, ScoreAverage> Averages() =>
        Dice().ToDictionary(own => own.Annotator, own => ScoreAverage.Of(own.Dice), StringComparer.Ordinal);

    /// <summary>Each annotator's Dice of each row; NaN where the row lacks the annotator's mask.</summary>
    public IEnumerable<(string Annotator, double[] Dice)> Dice() => _dice.Select((dice, annotator) => (
        _readers.Length > 0 ? _readers[annotator] : FormattableString.Invariant($"rank {annotator + 1}"), dice.ToArray()));
}
