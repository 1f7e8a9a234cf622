using AmbiSSL.MLNet.Columns;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Image;

namespace AmbiSSL.MLNet.Scoring;

/// <summary>The input's columns and the computed ones: five, and outlines and the annotators' masks where the model has them.</summary>
internal sealed class ScoringSchema
{
    public ScoringSchema(IExceptionContext context, SegmentationColumns columns, SharedModel model, int samples, DataViewSchema input)
    {
        var shape = model.Images.Shape;
        Image = ImageColumn.Find(context, input, columns.Image, model.Images, "inputSchema");
        ImageSize = SizeColumn.OfImages(context, input, columns, Image, "inputSchema");
        shape = shape.IsAnySize && KnownSize(Image.Type) is { } known ? shape.WithSize(known) : shape;
        Input = input;
        Masks = input.Count;
        Probability = Masks + 1;
        Uncertainty = Masks + 2;
        Consensus = Masks + 3;
        var next = Masks + 4;

        var builder = new DataViewSchema.Builder();
        builder.AddColumns(input);
        var layout = new MaskLayout(model.Classes);
        builder.AddColumn(columns.Masks, layout.Type(shape, samples), ImageFormatAnnotation.Create(model.Images, model.Classes));
        builder.AddColumn(columns.Probability, layout.PlanesType(NumberDataViewType.Single, shape), ClassesAnnotation.Create(model.Classes));
        builder.AddColumn(columns.Uncertainty, new VectorDataViewType(NumberDataViewType.Single, shape.Height, shape.Width));
        builder.AddColumn(columns.Consensus, layout.Type(shape), ClassesAnnotation.Create(model.Classes));
        if (model.Outlines is not null)
        {
            (Inner, Outer) = (next++, next++);
            builder.AddColumn(columns.Inner, layout.PlanesType(NumberDataViewType.Byte, shape), ClassesAnnotation.Create(model.Classes));
            builder.AddColumn(columns.Outer, layout.PlanesType(NumberDataViewType.Byte, shape), ClassesAnnotation.Create(model.Classes));
        }

        if (model.KnownAnnotators > 0)
        {
            AnnotatorMasks = next++;
            builder.AddColumn(
                columns.AnnotatorMasks,
                layout.Type(shape, model.KnownAnnotators),
                ReadersAnnotation.Create(model.Readers, layout.StoredMaps * shape.PixelCount, model.Classes));
        }

        if (model.Images.Shape.IsAnySize)
        {
            MasksSize = next++;
            builder.AddColumn(columns.MasksSize, SizeColumn.Type);
        }

        Unlikeness = next;
        builder.AddColumn(columns.Unlikeness, NumberDataViewType.Double);

        Output = builder.ToSchema();
        builder.AddColumn(nameof(ReadAheadBarrier), ReadAheadBarrier.Instance);
        Cursor = builder.ToSchema();
    }

    public DataViewSchema Input { get; }

    /// <summary>What the data view and its rows have.</summary>
    public DataViewSchema Output { get; }

    /// <summary>What a cursor that computes has: the output and, at its end, the barrier, which no data view shows.</summary>
    public DataViewSchema Cursor { get; }

    /// <summary>The image column of the input.</summary>
    public DataViewSchema.Column Image { get; }

    /// <summary>The column of its images' sizes; null where its type tells them.</summary>
    public DataViewSchema.Column? ImageSize { get; }

    /// <summary>Position of the masks' column in the output.</summary>
    public int Masks { get; }

    /// <summary>Position of the probability column in the output.</summary>
    public int Probability { get; }

    /// <summary>Position of the uncertainty column in the output.</summary>
    public int Uncertainty { get; }

    /// <summary>Position of the consensus in the output.</summary>
    public int Consensus { get; }

    /// <summary>Position of the inner outline in the output; null where the model has none.</summary>
    public int? Inner { get; }

    /// <summary>Position of the outer outline in the output; null where the model has none.</summary>
    public int? Outer { get; }

    /// <summary>Position of the annotators' masks in the output; null where the model does not know its annotators.</summary>
    public int? AnnotatorMasks { get; }

    /// <summary>Position of the masks' sizes in the output; null where all have one.</summary>
    public int? MasksSize { get; }

    /// <summary>Position of the unlikeness in the output.</summary>
    public int Unlikeness { get; }

    /// <summary>Position of the barrier in a cursor that has it.</summary>
    public int Barrier => Output.Count;

    private static ImageSize? KnownSize(DataViewType type) => type is ImageDataViewType { Height: > 0, Width: > 0 } image
        ? new ImageSize(image.Height, image.Width)
        : ImageColumn.VectorShape(type) is { IsAnySize: false } vector ? vector.Size : null;

    public bool IsPassedThrough(int column) => column < Input.Count;

    public bool IsComputed(int column) => column >= Input.Count;

    /// <summary>Which columns of the output are active.</summary>
    public bool[] Activate(IEnumerable<DataViewSchema.Column> columns) => Getters.Activate(Output, columns);

    /// <summary>Whether any computed column is among the active ones.</summary>
    public bool IsAnyComputed(bool[] active) => Array.IndexOf(active, true, Input.Count) >= 0;

    /// <summary>Whether any column is among the active ones that takes the drawing of samples.</summary>
    public bool IsAnyDrawn(bool[] active) =>
        ((int?[])[Masks, Probability, Uncertainty, Consensus, Inner, Outer]).Any(column => column is { } position && active[position]);

    /// <summary>The input columns that output columns need.</summary>
    public IEnumerable<DataViewSchema.Column> Dependencies(IEnumerable<DataViewSchema.Column> columns)
    {
        var active = Activate(columns);
        active[Image.Index] |= IsAnyComputed(active);
        if (ImageSize is { } size)
        {
            active[size.Index] |= IsAnyComputed(active);
        }

        return Input.Where(column => active[column.Index]);
    }
}
