using AmbiSSL.MLNet.Columns;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace AmbiSSL.MLNet.Training;

/// <summary>Reads a data view into the cache that training draws from.</summary>
internal static class TrainingSet
{
    private const int SmallestSide = SegmentationTrainer.MinimumSide;

    /// <summary>Reads images and annotations, and no other column, in one pass.</summary>
    /// <param name="context">Marks the errors.</param>
    /// <param name="data">The training data.</param>
    /// <param name="columns">Names of the columns.</param>
    /// <param name="createCache">Makes an empty cache for images of one size.</param>
    /// <param name="throwIfCancelled">Called before each row.</param>
    /// <param name="trainingShape">Size of the training images where the data is for validation; null where it is for training.</param>
    /// <returns>The images; the caller disposes them.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    /// <exception cref="InvalidOperationException">There is no row, no labelled row, or a row that cannot be used.</exception>
    /// <exception cref="IOException">The images take more memory than they may, and there is no room for them in a temporary file.</exception>
    public static ImageCache Read(
        IExceptionContext context,
        IDataView data,
        SegmentationColumns columns,
        Func<ImageShape, ImageCache> createCache,
        Action throwIfCancelled,
        ImageShape? trainingShape = null)
    {
        var (purpose, origin) = trainingShape is null ? ("training", "the first row's is") : ("validation", "the training images are");
        var imageColumn = trainingShape is { } expected
            ? ImageColumn.Find(context, data.Schema, columns.Image, expected, nameof(data))
            : ImageColumn.Find(context, data.Schema, columns.Image, nameof(data));
        var annotationsColumn = AnnotationsColumn.Find(context, data.Schema, columns.Annotations, nameof(data));
        using var cursor = data.GetRowCursor([imageColumn, annotationsColumn]);
        var images = ImageReader.Create(context, imageColumn, columns.ImageChannels, cursor);
        var annotations = new AnnotationsReader(context, annotationsColumn.Name, cursor.GetGetter<VBuffer<byte>>(annotationsColumn));

        ImageCache? cache = null;
        try
        {
            cache = trainingShape is { } known ? Create(known) : null;
            float[] pixels = new float[cache?.Shape.Length ?? 0];
            for (var row = 0L; cursor.MoveNext(); row++)
            {
                throwIfCancelled();
                if (cache is null)
                {
                    var shape = images.Fetch(row);
                    RequireSize(context, columns.Image, row, shape);
                    cache = Create(shape);
                    pixels = new float[shape.Length];
                    images.CopyTo(row, pixels);
                }
                else
                {
                    images.Read(row, cache.Shape, origin, pixels);
                }

                cache.Add(pixels, annotations.Read(row, cache.Shape));
            }

            RequireMasks(context, columns, cache, purpose);
            return cache!;
        }
        catch
        {
            cache?.Dispose();
            throw;
        }

        ImageCache Create(ImageShape shape)
        {
            AnnotationsColumn.CheckMaskSize(context, annotationsColumn, shape, nameof(data));
            return createCache(shape);
        }
    }

    private static void RequireMasks(IExceptionContext context, SegmentationColumns columns, ImageCache? images, string purpose)
    {
        if (images is not { Count: > 0 })
        {
            throw context.Process(new InvalidOperationException(
                $"The {purpose} data has no rows; give at least one with an image in column '{columns.Image}' "
                + $"and masks in column '{columns.Annotations}'."));
        }

        if (images.MaximumAnnotators == 0)
        {
            throw context.Process(new InvalidOperationException(
                $"Column '{columns.Annotations}' is empty in all {images.Count} rows; {purpose} needs at least one image with masks."));
        }
    }

    private static void RequireSize(IExceptionContext context, string column, long row, ImageShape shape)
    {
        if (shape.Channels < 1 || shape.Height < SmallestSide || shape.Width < SmallestSide)
        {
            throw ColumnErrors.InRow(
                context, column, row, $"the image is {ImageColumn.Size(shape)} pixels",
                $"give images of at least {SmallestSide}x{SmallestSide} pixels");
        }
    }
}
