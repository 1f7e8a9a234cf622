using AmbiSSL.MLNet.Columns;
using AmbiSSL.Torch.Data;
using AmbiSSL.Torch.Training;
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
    /// <param name="throwIfCancelled">Called before each row.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    /// <exception cref="InvalidOperationException">There is no row, no labelled row, or a row that cannot be used.</exception>
    public static ImageCache Read(IExceptionContext context, IDataView data, SegmentationColumns columns, Action throwIfCancelled)
    {
        var imageColumn = ImageColumn.Find(context, data.Schema, columns.Image, nameof(data));
        var annotationsColumn = AnnotationsColumn.Find(context, data.Schema, columns.Annotations, nameof(data));
        using var cursor = data.GetRowCursor([imageColumn, annotationsColumn]);
        var images = ImageReader.Create(context, imageColumn, columns.ImageChannels, cursor);
        var annotations = new AnnotationsReader(context, annotationsColumn.Name, cursor.GetGetter<VBuffer<byte>>(annotationsColumn));

        ImageCache? cache = null;
        float[] pixels = [];
        var hasLabeled = false;
        for (var row = 0L; cursor.MoveNext(); row++)
        {
            throwIfCancelled();
            if (cache is null)
            {
                var shape = images.Fetch(row);
                RequireSize(context, columns.Image, row, shape);
                AnnotationsColumn.CheckMaskSize(context, annotationsColumn, shape, nameof(data));
                cache = new ImageCache(shape);
                pixels = new float[shape.Length];
                images.CopyTo(row, pixels);
            }
            else
            {
                images.Read(row, cache.Shape, "the first row's is", pixels);
            }

            var masks = annotations.Read(row, cache.Shape);
            hasLabeled |= !masks.IsEmpty;
            cache.Add(pixels, masks);
        }

        if (cache is null)
        {
            throw context.Process(new InvalidOperationException(
                $"The training data has no rows; give at least one with an image in column '{columns.Image}' "
                + $"and masks in column '{columns.Annotations}'."));
        }

        return hasLabeled
            ? cache
            : throw context.Process(new InvalidOperationException(
                $"Column '{columns.Annotations}' is empty in all {cache.Count} rows; training needs at least one image with masks."));
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
