using AmbiSSL.MLNet.Columns;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Image;

namespace AmbiSSL.MLNet.Evaluation;

/// <summary>Brings the experts' masks to the size of the sampled ones, as the model did with the images.</summary>
internal sealed class AnnotationsFit
{
    private readonly IExceptionContext _context;
    private readonly ImageFormat _model;
    private readonly DataViewSchema.Column? _image;

    /// <param name="context">Marks the errors.</param>
    /// <param name="schema">Columns of the scored rows.</param>
    /// <param name="columns">Their names.</param>
    /// <param name="masks">The column of sampled masks, which tells what the model takes.</param>
    /// <exception cref="ArgumentOutOfRangeException">The images' own sizes are needed, and there is no column of images.</exception>
    public AnnotationsFit(IExceptionContext context, DataViewSchema schema, SegmentationColumns columns, DataViewSchema.Column masks)
    {
        _context = context;
        var size = ((VectorDataViewType)masks.Type).Dimensions;
        _model = ImageFormatAnnotation.Read(masks) ?? new ImageFormat(new ImageShape(1, size[^2], size[^1]), default, Preprocessing.None);
        if (_model.Preprocessing is { AnySize: false } and not { Crop: null, Resize: null })
        {
            _image = ImageColumn.Find(context, schema, columns.Image, _model, nameof(schema));
        }
    }

    /// <summary>What the model did with the images.</summary>
    public Preprocessing Preprocessing => _model.Preprocessing;

    /// <summary>The column of images, where it takes an image to know its size.</summary>
    public IEnumerable<DataViewSchema.Column> Needed => _image is { Type: ImageDataViewType } image ? [image] : [];

    /// <summary>Reads the masks of a cursor's current row, at the size of the sampled ones.</summary>
    /// <param name="annotations">Reads them at the size of the row's image.</param>
    /// <param name="cursor">The rows.</param>
    /// <param name="masksSize">Gives the size of the row's sampled masks.</param>
    public Func<long, MaskSet> Read(AnnotationsReader annotations, DataViewRowCursor cursor, Func<ImageSize> masksSize)
    {
        if (_model.Shape.IsAnySize)
        {
            return row => annotations.Read(row, masksSize());
        }

        if (Needed.Any())
        {
            var images = ImageReader.Create(_context, _image!.Value, _model.Shape.Channels, cursor, size: null);
            return row => _model.Preprocessing.Apply(annotations.Read(row, images.Read(row).Shape.Size));
        }

        var size = _image is { } column ? ImageColumn.VectorShape(column.Type)!.Value.Size : _model.Shape.Size;
        return row => _model.Preprocessing.Apply(annotations.Read(row, size));
    }
}
