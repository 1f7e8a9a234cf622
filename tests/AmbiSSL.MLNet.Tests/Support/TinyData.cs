using Microsoft.ML;
using Microsoft.ML.Data;

namespace AmbiSSL.MLNet.Tests.Support;

/// <summary>Rows, options and trained models small enough for a test.</summary>
public static class TinyData
{
    public const int Channels = 3;
    public const int Side = 16;
    public const int Pixels = Side * Side;
    public const int Samples = 3;

    private static readonly Lazy<AmbiguousSegmentationTransformer> SharedModel = new(() => Estimator().Fit(Pictures(PictureRows())));

    public static AmbiSSLOptions Options { get; } = new()
    {
        Backbone = new UNetBackbone { Filters = [4, 8] },
        LatentFilters = [4],
        Samples = Samples,
        Epochs = 1,
        WarmUpEpochs = 0,
        PruneFromBlock = 0,
        Seed = 1,
        Training = new TrainingOptions { BatchSize = 2 },
    };

    /// <summary>A trained model that no test may dispose.</summary>
    public static AmbiguousSegmentationTransformer Shared => SharedModel.Value;

    /// <summary>A copy of the trained model, which the test disposes.</summary>
    public static AmbiguousSegmentationTransformer OwnCopy()
    {
        using var stream = new MemoryStream();
        Shared.Model.Save(stream);
        stream.Position = 0;
        return new AmbiguousSegmentationTransformer(Context(), SegmentationModel.Load(stream, "copy"), new SegmentationColumns());
    }

    public static MLContext Context(int? seed = null) => new(seed);

    public static AmbiguousSegmentationEstimator Estimator(
        AmbiSSLOptions? options = null, SegmentationColumns? columns = null, RunOptions? run = null) =>
        Context().Transforms.AmbiSSL(options ?? Options, columns, run);

    /// <summary>
    /// Discs of a size and place that differ from row to row. In every three rows, two have two or three masks, one has none.
    /// </summary>
    public static IEnumerable<VectorRow> Rows(int count = 6) =>
        Enumerable.Range(0, count).Select(i => new VectorRow
        {
            Id = $"row {i}",
            Image = Image(i),
            Annotations = [.. Enumerable.Range(0, i % 3 == 2 ? 0 : 2 + i % 2).SelectMany(annotator => Mask(i, annotator))],
        });

    public static IDataView View(int count = 6) => View(Rows(count));

    public static IDataView View(IEnumerable<VectorRow> rows) => Context().Data.LoadFromEnumerable(rows);

    /// <summary>Rows whose columns have other types than the class says.</summary>
    public static IDataView View(IEnumerable<VectorRow> rows, DataViewType? image = null, DataViewType? annotations = null)
    {
        var schema = SchemaDefinition.Create(typeof(VectorRow));
        schema["Image"].ColumnType = image ?? schema["Image"].ColumnType;
        schema["Annotations"].ColumnType = annotations ?? schema["Annotations"].ColumnType;
        return Context().Data.LoadFromEnumerable(rows, schema);
    }

    public static IDataView Pictures(IEnumerable<PictureRow> rows) => Context().Data.LoadFromEnumerable(rows);

    public static IEnumerable<PictureRow> PictureRows(int count = 6) =>
        Rows(count).Select(row => new PictureRow { Id = row.Id, Image = Picture(row.Image), Annotations = row.Annotations });

    public static float[] Image(int row)
    {
        var image = new float[Channels * Pixels];
        for (var i = 0; i < image.Length; i++)
        {
            var isInside = IsInside(row, i % Pixels, 5);
            image[i] = (isInside ? 200 - 7 * row % 50 : 40 + (i * 31 + row * 17) % 23) / 255f;
        }

        return image;
    }

    public static MLImage Picture(float[] image)
    {
        var bytes = new byte[4 * Pixels];
        for (var i = 0; i < Pixels; i++)
        {
            bytes[4 * i] = (byte)MathF.Round(image[2 * Pixels + i] * 255);
            bytes[4 * i + 1] = (byte)MathF.Round(image[Pixels + i] * 255);
            bytes[4 * i + 2] = (byte)MathF.Round(image[i] * 255);
            bytes[4 * i + 3] = 255;
        }

        return MLImage.CreateFromPixels(Side, Side, MLPixelFormat.Bgra32, bytes);
    }

    public static MLImage BlankPicture(int width, int height) =>
        MLImage.CreateFromPixels(width, height, MLPixelFormat.Bgra32, new byte[4 * width * height]);

    public static VectorDataViewType ImageType(params int[] dimensions) => new(NumberDataViewType.Single, dimensions);

    public static VectorDataViewType AnnotationsType(params int[] dimensions) => new(NumberDataViewType.Byte, dimensions);

    public static byte[][] Masks(IDataView scored) => [.. scored.GetColumn<byte[]>("Masks")];

    public static float[][] Probability(IDataView scored) => [.. scored.GetColumn<float[]>("Probability")];

    private static byte[] Mask(int row, int annotator) =>
        [.. Enumerable.Range(0, Pixels).Select(i => IsInside(row, i, 4 + annotator) ? (byte)1 : (byte)0)];

    private static bool IsInside(int row, int pixel, int radius)
    {
        var (x, y) = (pixel % Side - 6 - row % 4, pixel / Side - 5 - row % 5);
        return x * x + y * y <= radius * radius;
    }
}
