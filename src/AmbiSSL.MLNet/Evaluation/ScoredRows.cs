using AmbiSSL.MLNet.Columns;
using AmbiSSL.Torch.Metrics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace AmbiSSL.MLNet.Evaluation;

/// <summary>The rows of a data view that has sampled masks beside the experts' annotations, one after another.</summary>
internal sealed class ScoredRows : IDisposable
{
    /// <summary>What to do where a column is not there or no model's.</summary>
    public const string Remedy = "evaluate what the trained transformer's Transform returns";

    private const string MissingRemedy =
        "the data that was scored has no masks, to which those of the model could be compared: score rows that have them, and name their column with "
        + "SegmentationColumns.Annotations";

    private readonly IHostEnvironment _context;
    private readonly string _annotationsColumn;
    private readonly Func<long, MaskSet> _annotations;
    private readonly Func<ImageSize>? _size;
    private readonly MaskLayout _layout;
    private readonly VectorValues<byte> _masks;
    private readonly VectorValues<float> _probability;
    private readonly VectorValues<byte>? _consensus;

    /// <param name="context">Marks the errors.</param>
    /// <param name="scored">The data view.</param>
    /// <param name="columns">Names of its columns.</param>
    /// <param name="readers">The column that says who drew the annotations; null where nobody asks.</param>
    /// <param name="further">Other columns that are read from <see cref="Cursor"/>.</param>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type.</exception>
    public ScoredRows(
        IHostEnvironment context,
        IDataView scored,
        SegmentationColumns columns,
        DataViewSchema.Column? readers,
        params IEnumerable<DataViewSchema.Column> further)
    {
        (_context, _annotationsColumn) = (context, columns.Annotations);
        var masks = FindMasks(context, scored.Schema, columns);
        _layout = MaskLayout.Of(masks);
        var probability = FindOutput(context, scored.Schema, columns.Probability, "probability", NumberDataViewType.Single, _layout.PlaneDimensions);
        var annotations = AnnotationsColumn.Find(context, scored.Schema, columns.Annotations, nameof(scored), MissingRemedy);
        var size = ((VectorDataViewType)masks.Type).Dimensions;
        (Samples, Size) = (size[0], new ImageSize(size[^2], size[^1]));

        var fit = new AnnotationsFit(context, scored.Schema, columns, masks);
        var ignored = IgnoredColumn.Find(context, scored.Schema, columns.Ignored, nameof(scored));
        var consensus = scored.Schema.GetColumnOrNull(columns.Consensus) is null
            ? (DataViewSchema.Column?)null
            : FindOutput(context, scored.Schema, columns.Consensus, "consensus", NumberDataViewType.Byte, _layout.Dimensions);
        var sizes = SizeColumn.OfMasks(context, scored.Schema, columns, masks, nameof(scored));
        DataViewSchema.Column?[] needed = [masks, probability, consensus, annotations, readers, ignored, sizes];
        Cursor = scored.GetRowCursor([.. needed.OfType<DataViewSchema.Column>(), .. fit.Needed, .. further]);
        _size = sizes is { } known ? SizeColumn.Getter(Cursor, known) : null;
        _annotations = fit.Read(new AnnotationsReader(context, Cursor, columns, annotations, readers, ignored), Cursor, () => Size);
        _masks = new VectorValues<byte>(Cursor.GetGetter<VBuffer<byte>>(masks));
        _probability = new VectorValues<float>(Cursor.GetGetter<VBuffer<float>>(probability));
        _consensus = consensus is { } column ? new VectorValues<byte>(Cursor.GetGetter<VBuffer<byte>>(column)) : null;
        Experts = new MaskSet(new ImageSize(1, 1), []);
        DrawnClasses = new DrawnClasses(Classes, columns.Annotations, fit.Preprocessing);
    }

    /// <summary>Masks N of each row.</summary>
    public int Samples { get; }

    /// <summary>The classes of the masks.</summary>
    public MaskClasses Classes => _layout.Classes;

    /// <summary>Size of the masks; of the current row's where they may differ.</summary>
    public ImageSize Size { get; private set; }

    /// <summary>The cursor of the rows.</summary>
    public DataViewRowCursor Cursor { get; }

    /// <summary>Position of the current row.</summary>
    public long Row { get; private set; } = -1;

    /// <summary>The current row's annotations, at the size of the masks; none where it is unlabeled. They are valid until the next row.</summary>
    public MaskSet Experts { get; private set; }

    /// <summary>The classes that the annotations of the rows so far have.</summary>
    public DrawnClasses DrawnClasses { get; }

    /// <summary>Goes to the next row.</summary>
    public bool MoveNext()
    {
        Row++;
        if (!Cursor.MoveNext())
        {
            return false;
        }

        Size = _size?.Invoke() ?? Size;
        Experts = _annotations(Row);
        if (Experts.Count == 0)
        {
            Experts = new MaskSet(Size, [], null, null, Classes);
        }

        if (Experts.Classes != Classes)
        {
            throw ColumnErrors.InRow(
                _context, _annotationsColumn, Row, $"the masks have the classes {Experts.Classes}, and the model draws {Classes}",
                "score images whose masks have the model's classes in its order; ReadingOptions.Classes (--classes) names those of files, "
                + (Classes.Values is { } values ? $"'{values}' in the model's training, " : "")
                + "SegmentationColumns.Classes those of a column that does not tell them");
        }

        if (Experts.Count > 0)
        {
            DrawnClasses.Add(Experts);
        }

        return true;
    }

    /// <summary>What the model drew for the current row, valid until the next one.</summary>
    public SampledMasks Drawn() => new(Planes(_masks), _probability.Read()) { Consensus = _consensus is null ? null : Planes(_consensus) };

    /// <summary>The pixels of the current row that none of its annotations ignores.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public CountedPixels RequireCounted() => new CountedPixels(Experts) is { IsEmpty: false } counted
        ? counted
        : throw ColumnErrors.InRow(
            _context, _annotationsColumn, Row, "every pixel is ignored by one mask or another, so that no figure has any", "leave the row out");

    public void Dispose() => Cursor.Dispose();

    /// <summary>Finds the column of sampled masks.</summary>
    public static DataViewSchema.Column FindMasks(IHostEnvironment context, DataViewSchema schema, SegmentationColumns columns)
    {
        var layout = schema.GetColumnOrNull(columns.Masks) is { } column ? MaskLayout.Of(column) : new MaskLayout(MaskClasses.One);
        return FindOutput(context, schema, columns.Masks, "masks", NumberDataViewType.Byte, $"N, {layout.Dimensions}");
    }

    /// <summary>Finds a column that a trained transformer makes.</summary>
    public static DataViewSchema.Column FindOutput(
        IHostEnvironment context, DataViewSchema schema, string name, string role, DataViewType item, string dimensions)
    {
        var column = schema.GetColumnOrNull(name) ?? throw ColumnErrors.Missing(context, nameof(schema), role, name, Remedy);
        return column.Type is VectorDataViewType vector && vector.ItemType == item
            && vector.Dimensions.Length == dimensions.Split(',').Length
            ? column
            : throw ColumnErrors.Mismatch(
                context, nameof(schema), role, name, $"Vector<{item}, {dimensions}>", column.Type.ToString()!, Remedy);
    }

    private byte[] Planes(VectorValues<byte> masks) => _layout.Planes(masks.Read(), Size.PixelCount);
}
