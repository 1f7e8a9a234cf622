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
    private readonly AnnotatorIdentity _identity;
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
        _identity = AnnotatorIdentityAnnotation.Read(column);
        _masks = new VectorValues<byte>(cursor.GetGetter<VBuffer<byte>>(column));
        _dice = [.. Enumerable.Range(0, size[0]).Select(_ => new List<double>())];
    }

    /// <summary>Scores the current row.</summary>
    /// <param name="experts">The experts' masks [M, H, W].</param>
    public void Add(ReadOnlySpan<byte> experts)
    {
        var predicted = BitMask.SetFromBytes(_masks.Read(), _shape.Height, _shape.Width);
        var dice = AnnotatorDice.Compute(predicted, BitMask.SetFromBytes(experts, _shape.Height, _shape.Width), _identity);
        for (var annotator = 0; annotator < dice.Length; annotator++)
        {
            _dice[annotator].Add(dice[annotator]);
        }
    }

    /// <summary>Each annotator's Dice, averaged over the rows that have the annotator's mask.</summary>
    public ScoreAverage[] Averages() => Array.ConvertAll(_dice, ScoreAverage.Of);
}
