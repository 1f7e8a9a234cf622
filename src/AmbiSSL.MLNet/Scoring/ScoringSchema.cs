using AmbiSSL.MLNet.Columns;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace AmbiSSL.MLNet.Scoring;

/// <summary>The input's columns, the hidden barrier, and the computed columns: three, and the annotators' masks where the model has them.</summary>
internal sealed class ScoringSchema
{
    private readonly int _barrier;

    public ScoringSchema(IExceptionContext context, SegmentationColumns columns, SharedModel model, int samples, DataViewSchema input)
    {
        var shape = model.Shape;
        Image = ImageColumn.Find(context, input, columns.Image, model.Images, "inputSchema");
        Input = input;
        _barrier = input.Count;
        Masks = _barrier + 1;
        Probability = _barrier + 2;
        Uncertainty = _barrier + 3;
        AnnotatorMasks = _barrier + 4;

        var builder = new DataViewSchema.Builder();
        builder.AddColumns(input);

        // The masks' column follows under the same name and so hides the barrier.
        builder.AddColumn(columns.Masks, ReadAheadBarrier.Instance);
        builder.AddColumn(
            columns.Masks,
            new VectorDataViewType(NumberDataViewType.Byte, samples, shape.Height, shape.Width),
            ImageFormatAnnotation.Create(model.Images));
        builder.AddColumn(columns.Probability, new VectorDataViewType(NumberDataViewType.Single, shape.Height, shape.Width));
        builder.AddColumn(columns.Uncertainty, new VectorDataViewType(NumberDataViewType.Single, shape.Height, shape.Width));
        if (model.AnnotatorIdentity is { } identity)
        {
            builder.AddColumn(
                columns.AnnotatorMasks,
                new VectorDataViewType(NumberDataViewType.Byte, model.KnownAnnotators, shape.Height, shape.Width),
                AnnotatorIdentityAnnotation.Create(identity));
        }

        Output = builder.ToSchema();
    }

    public DataViewSchema Input { get; }

    public DataViewSchema Output { get; }

    /// <summary>The image column of the input.</summary>
    public DataViewSchema.Column Image { get; }

    /// <summary>Position of the masks' column in the output.</summary>
    public int Masks { get; }

    /// <summary>Position of the probability column in the output.</summary>
    public int Probability { get; }

    /// <summary>Position of the uncertainty column in the output.</summary>
    public int Uncertainty { get; }

    /// <summary>Position of the annotators' masks in the output; past its end where the model does not know its annotators.</summary>
    public int AnnotatorMasks { get; }

    public bool IsPassedThrough(int column) => column < Input.Count;

    public bool IsComputed(int column) => column > _barrier;

    /// <summary>Which columns a cursor or row has active; the barrier with any computed one.</summary>
    public bool[] Activate(IEnumerable<DataViewSchema.Column> columns)
    {
        var active = Getters.Activate(Output, columns);
        active[_barrier] |= Array.IndexOf(active, true, _barrier) >= 0;
        return active;
    }

    /// <summary>Whether any computed column is among the active ones.</summary>
    public bool IsAnyComputed(bool[] active) => active[_barrier];

    /// <summary>The input columns that output columns need.</summary>
    public IEnumerable<DataViewSchema.Column> Dependencies(IEnumerable<DataViewSchema.Column> columns)
    {
        var active = Activate(columns);
        active[Image.Index] |= active[_barrier];
        return Input.Where(column => active[column.Index]);
    }
}
