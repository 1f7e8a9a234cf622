namespace AmbiSSL.Torch.Tests;

/// <summary>Images and options so small that a training takes a moment.</summary>
internal static class TinyData
{
    public static readonly ImageShape Shape = new(1, 16, 16);

    public static AmbiSSLOptions Options { get; } = new()
    {
        Backbone = new UNetBackbone { Filters = [4, 6, 8], ConvolutionsPerBlock = 1 },
        LatentFilters = [4, 6],
        LatentConvolutionsPerBlock = 1,
        LatentDimensions = 2,
        BoundSamples = 3,
        Samples = 4,
        Epochs = 4,
        WarmUpEpochs = 1,
        PruneFromBlock = 0,
        Seed = 7,
        Training = new TrainingOptions { BatchSize = 4, LearningRate = 1e-3 },
    };

    /// <summary>A bright square on noise, outlined tightly and loosely, by readers r1, r2 and so on if they are named; every other image unlabeled.</summary>
    public static ImageCache Images(ImageShape shape, int count = 8, int annotators = 2, bool named = false)
    {
        var cache = new ImageCache(shape);
        for (var i = 0; i < count; i++)
        {
            var (pixels, annotations) = Image(shape, i, annotators);
            cache.Add(pixels, i % 2 == 0 ? annotations : [], named && i % 2 == 0 ? [.. Enumerable.Range(1, annotators).Select(a => $"r{a}")] : []);
        }

        return cache;
    }

    /// <summary>
    /// The same images with classes: those that exclude each other are stripes of two rows of the square, from above; those that overlap begin with the whole
    /// square, and each further one lacks two rows more.
    /// </summary>
    public static ImageCache Images(ImageShape shape, MaskClasses classes, int count = 8, int annotators = 2)
    {
        var cache = new ImageCache(new ImageFormat(shape, PixelType.Float32, Preprocessing.None));
        for (var i = 0; i < count; i++)
        {
            var (pixels, annotations) = Image(shape, i, annotators);
            var masks = new MaskSet(shape.Size, i % 2 == 0 ? Classes(annotations, shape, classes) : [], readers: null, ignored: null, classes);
            cache.Add(new ImagePixels(shape, pixels), masks);
        }

        return cache;
    }

    /// <summary>Planes [A, K, H, W] of masks [A, H, W] of one square each.</summary>
    public static byte[] Classes(byte[] masks, ImageShape shape, MaskClasses classes)
    {
        var planes = new byte[masks.Length * classes.Count];
        for (var i = 0; i < masks.Length; i++)
        {
            var (mask, pixel) = Math.DivRem(i, shape.PixelCount);
            var top = Array.IndexOf(masks, (byte)1, mask * shape.PixelCount, shape.PixelCount) / shape.Width % shape.Height;
            var stripe = masks[i] == 0 ? -1 : Math.Min(((pixel / shape.Width) - top) / 2, classes.Count - 1);
            for (var k = 0; k < classes.Count; k++)
            {
                planes[(((mask * classes.Count) + k) * shape.PixelCount) + pixel] = (classes.Overlap ? stripe >= k : stripe == k) ? (byte)1 : (byte)0;
            }
        }

        return planes;
    }

    public static (float[] Pixels, byte[] Annotations) Image(ImageShape shape, int seed, int annotators = 2)
    {
        var random = new Random(seed);
        var (top, left) = (random.Next(2, shape.Height - 8), random.Next(2, shape.Width - 8));
        var pixels = new float[shape.Length];
        var annotations = new byte[annotators * shape.PixelCount];
        for (var i = 0; i < shape.PixelCount; i++)
        {
            var (row, column) = (i / shape.Width, i % shape.Width);
            for (var c = 0; c < shape.Channels; c++)
            {
                var inside = row >= top && row < top + 6 && column >= left && column < left + 6;
                pixels[(c * shape.PixelCount) + i] = (inside ? 0.8f : 0.2f) + (0.1f * random.NextSingle());
            }

            for (var a = 0; a < annotators; a++)
            {
                var inside = row >= top + a && row < top + 6 - a && column >= left + a && column < left + 6 - a;
                annotations[(a * shape.PixelCount) + i] = inside ? (byte)1 : (byte)0;
            }
        }

        return (pixels, annotations);
    }
}
