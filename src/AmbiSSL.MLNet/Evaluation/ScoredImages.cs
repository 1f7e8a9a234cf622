using AmbiSSL.MLNet.Columns;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace AmbiSSL.MLNet.Evaluation;

/// <summary>The images of scored data views with the experts' masks and what each model drew, one after another.</summary>
internal sealed class ScoredImages : IDisposable
{
    private readonly IHostEnvironment _context;
    private readonly List<ScoredRows> _views = [];
    private readonly ImageFormat _format;
    private readonly ImageReader _images;
    private readonly RowNames _names;

    /// <param name="context">Marks the errors.</param>
    /// <param name="scored">The same rows as each model scored them.</param>
    /// <param name="columns">Names of the columns.</param>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type, or the views differ in the size of masks.</exception>
    public ScoredImages(IHostEnvironment context, IReadOnlyList<IDataView> scored, SegmentationColumns columns)
    {
        _context = context;
        var schema = scored[0].Schema;
        var masksColumn = ScoredRows.FindMasks(context, schema, columns);
        var dimensions = ((VectorDataViewType)masksColumn.Type).Dimensions;
        _format = ImageFormatAnnotation.Read(masksColumn)
            ?? new ImageFormat(new ImageShape(1, dimensions[^2], dimensions[^1]), PixelType.Float32, Preprocessing.None);
        var imageColumn = ImageColumn.Find(context, schema, columns.Image, _format, nameof(scored));
        var sizeColumn = SizeColumn.OfImages(context, schema, columns, imageColumn, nameof(scored));
        try
        {
            foreach (var view in scored)
            {
                DataViewSchema.Column?[] needed = _views.Count == 0 ? [imageColumn, sizeColumn, .. RowNames.Columns(schema)] : [];
                var own = needed.OfType<DataViewSchema.Column>();
                _views.Add(new ScoredRows(context, view, columns, ReadersColumn.Find(context, view.Schema, columns.Readers, nameof(scored)), own));
            }

            _images = ImageReader.Create(context, imageColumn, _format.Shape.Channels, _views[0].Cursor, sizeColumn);
            _names = new RowNames(_views[0].Cursor);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Position of the current row.</summary>
    public long Row => _views[0].Row;

    /// <summary>Masks N of each row.</summary>
    public int Samples => _views[0].Samples;

    /// <summary>The current row's annotations, at the size of the masks; none where it is unlabeled.</summary>
    public MaskSet Experts => _views[0].Experts;

    /// <summary>Whose image the current row has.</summary>
    public string Subject => _names.Read(Row).Subject;

    /// <summary>Goes to the next row.</summary>
    /// <exception cref="InvalidOperationException">The views have different rows.</exception>
    public bool MoveNext()
    {
        bool[] moved = [.. _views.Select(view => view.MoveNext())];
        return moved.Distinct().Count() == 1 && _views.All(view => !moved[0] || view.Experts.Values.AsSpan().SequenceEqual(Experts.Values))
            ? moved[0]
            : throw _context.Process(new InvalidOperationException(
                $"The data views differ in row {Row}: another number of rows, other annotations or another size; let both models score the same data."));
    }

    /// <summary>The image of the current row as the model saw it.</summary>
    public AnnotatedImage Image()
    {
        var (id, subject) = _names.Read(Row);
        var (pixels, shape) = (Array.Empty<float>(), _format.Shape);
        _images.Read(Row, _format, own =>
        {
            (pixels, shape) = (new float[own.Length], own);
            return pixels;
        });
        return new AnnotatedImage(id, subject, new ImagePixels(shape, pixels), Experts);
    }

    /// <summary>Checks that there is a pixel of the current row that none of its annotations ignores.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public void RequireCounted() => _views[0].RequireCounted();

    /// <summary>What each model drew for the current row, valid until the next one.</summary>
    public IReadOnlyList<SampledMasks> Drawn() => [.. _views.Select(view => view.Drawn())];

    public void Dispose() => _views.ForEach(view => view.Dispose());
}
