using AmbiSSL.MLNet.Columns;
using AmbiSSL.Torch.Metrics;
using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace AmbiSSL.MLNet.Training;

/// <summary>Fills the cache that training draws from with the rows of a data view.</summary>
internal static class CacheFiller
{
    private const int SmallestSide = SegmentationTrainer.MinimumSide;

    /// <summary>Reads images, annotations and, where they are there, readers, and no other column, in one pass.</summary>
    /// <param name="context">Marks the errors.</param>
    /// <param name="data">The training data.</param>
    /// <param name="columns">Names of the columns.</param>
    /// <param name="createCache">Makes an empty cache for images of one format.</param>
    /// <param name="throwIfCanceled">Called before each row.</param>
    /// <param name="training">
    /// Format of the training images where the data is for validation, whose images are brought to it; null where it is for training.
    /// </param>
    /// <param name="channel">Receives warnings of masks that look wrong; null for none.</param>
    /// <param name="anySize">Whether images that are neither cropped nor resized may differ in size.</param>
    /// <returns>The images; the caller disposes them.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    /// <exception cref="InvalidOperationException">There is no row, no labeled row, or a row that cannot be used.</exception>
    /// <exception cref="IOException">The images take more memory than they may, and there is no room for them in a temporary file.</exception>
    public static ImageCache Fill(
        IExceptionContext context,
        IDataView data,
        SegmentationColumns columns,
        Func<ImageFormat, ImageCache> createCache,
        Action throwIfCanceled,
        ImageFormat? training = null,
        IChannel? channel = null,
        bool anySize = false)
    {
        var (purpose, reason) = training is null ? ("training", "the first row's is") : ("validation", "the training images are");
        ImageColumn.CheckCache(context, data, columns.Image, nameof(data));
        var imageColumn = training is null
            ? ImageColumn.Find(context, data.Schema, columns.Image, nameof(data))
            : ImageColumn.Find(context, data.Schema, columns.Image, training, nameof(data));
        var sizeColumn = SizeColumn.OfImages(context, data.Schema, columns, imageColumn, nameof(data));
        var annotationsColumn = AnnotationsColumn.Find(context, data.Schema, columns.Annotations, nameof(data));
        var readersColumn = ReadersColumn.Find(context, data.Schema, columns.Readers, nameof(data));
        var ignoredColumn = IgnoredColumn.Find(context, data.Schema, columns.Ignored, nameof(data));
        DataViewSchema.Column?[] needed = [imageColumn, sizeColumn, annotationsColumn, readersColumn, ignoredColumn];
        using var cursor = data.GetRowCursor(needed.OfType<DataViewSchema.Column>());
        var images = ImageReader.Create(context, imageColumn, columns.ImageChannels, cursor, sizeColumn);
        var annotations = new AnnotationsReader(context, cursor, columns, annotationsColumn, readersColumn, ignoredColumn);

        var target = training;
        ImageCache? cache = null;
        var suspects = new SuspectMasks(columns.Annotations);
        var larger = annotations.DeclaredSize is null && !anySize ? new LargerMasks(context, columns.Annotations) : null;
        try
        {
            for (var row = 0L; cursor.MoveNext(); row++)
            {
                throwIfCanceled();
                var image = images.Read(row);
                if (cache is null)
                {
                    RequireSize(context, columns.Image, row, image.Shape);
                    target ??= Target(ImageColumn.Format(imageColumn, image.Shape), anySize);
                    cache = createCache(training is null ? target : Validation(training, image, images.Source));
                }

                var masks = annotations.Read(row, image.Shape.Size);
                suspects.Add(row, masks);
                larger?.Add(row, masks);
                var fitted = images.Fit(row, image, target!, reason);
                masks = target!.Preprocessing.Apply(masks);
                if (training is not null)
                {
                    RequireCounted(context, columns.Annotations, row, masks);
                }

                cache.Add(fitted, masks);
            }

            RequireMasks(context, columns, cache, purpose);
            larger?.Require(cache!.Shape.Size);
            suspects.Report(channel, cache!, isTraining: training is null);
            return cache!;
        }
        catch
        {
            cache?.Dispose();
            throw;
        }
    }

    private static ImageFormat Target(ImageFormat format, bool anySize) => anySize && format.Preprocessing == Preprocessing.None
        ? ImageFormat.Of(format.Shape, format.Source, new Preprocessing { AnySize = true })
        : format;

    /// <summary>
    /// What validation images are once they are brought to the training images' size; those that were resized before are floats of another type.
    /// </summary>
    private static ImageFormat Validation(ImageFormat training, ImagePixels image, PixelType source) => new(
        training.Shape, source, image.Type == source ? training.Preprocessing : new Preprocessing { Resize = training.Shape.Size });

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

    private static void RequireCounted(IExceptionContext context, string column, long row, MaskSet masks)
    {
        if (masks.Count > 0 && new CountedPixels(masks).IsEmpty)
        {
            throw ColumnErrors.InRow(
                context, column, row, "every pixel is ignored by one mask or another, so that no figure has any", "leave the row out of the validation data");
        }
    }

    private static void RequireSize(IExceptionContext context, string column, long row, ImageShape shape)
    {
        if (shape.Channels < 1 || shape.Height < SmallestSide || shape.Width < SmallestSide)
        {
            throw ColumnErrors.InRow(
                context, column, row, $"the image is {shape.Size} pixels",
                $"give images of at least {SmallestSide}x{SmallestSide} pixels");
        }
    }
}
