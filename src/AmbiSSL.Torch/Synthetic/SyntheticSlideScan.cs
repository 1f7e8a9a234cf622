namespace AmbiSSL.Torch.Synthetic;

/// <summary>
/// Renders a large CT-like picture, as <see cref="SyntheticScan"/> does a small one: texture, vessels, blobs that are no lesion, lesions and noise.
/// </summary>
internal static class SyntheticSlideScan
{
    private const double Field = SyntheticSlides.FieldSide;
    private const double VesselsPerField = 6;
    private const double BlobsPerField = 3;

    /// <summary>Renders one image.</summary>
    /// <returns>8-bit values in [H, W] order.</returns>
    public static byte[] Render(SyntheticSlideOptions options, IReadOnlyList<(ImageCrop Field, SyntheticLesion Lesion)> lesions, int index)
    {
        var (height, width) = (options.Height, options.Width);
        var random = new SyntheticRandom(options.Seed, SyntheticStream.Background, index);
        var level = random.NextUniform(0.11, 0.18);
        var tissue = Texture(height, width, level, random);
        var bright = new double[tissue.Length];
        var fields = height * width / (Field * Field);
        for (var vessel = 0; vessel < fields * VesselsPerField; vessel++)
        {
            PaintVessel(bright, height, width, random);
        }

        for (var blob = 0; blob < fields * BlobsPerField; blob++)
        {
            PaintBlob(bright, height, width, lesions, random);
        }

        for (var position = 0; position < tissue.Length; position++)
        {
            tissue[position] += bright[position];
        }

        foreach (var (field, lesion) in lesions)
        {
            for (var y = 0; y < field.Size.Height; y++)
            {
                for (var x = 0; x < field.Size.Width; x++)
                {
                    var position = ((field.Top + y) * width) + field.Left + x;
                    tissue[position] += lesion.Density(y, x) * (level + lesion.Contrast - tissue[position]);
                }
            }
        }

        SyntheticScan.AddNoise(tissue, height, width, random);
        return SyntheticScan.ToBytes(tissue);
    }

    private static double[] Texture(int height, int width, double level, SyntheticRandom random)
    {
        var tissue = new double[height * width];
        Array.Fill(tissue, level);
        for (var wave = 0; wave < 7; wave++)
        {
            var frequency = 2 * Math.PI / (Field * random.NextUniform(0.2, 3));
            var (sine, cosine) = Math.SinCos(random.NextUniform(0, 2 * Math.PI));
            var (amplitude, phase) = (random.NextUniform(0.003, 0.014), random.NextUniform(0, 2 * Math.PI));
            for (var position = 0; position < tissue.Length; position++)
            {
                tissue[position] += amplitude * Math.Cos((frequency * ((sine * (position / width)) + (cosine * (position % width)))) + phase);
            }
        }

        return tissue;
    }

    // A curve that bends evenly while it thins and fades.
    private static void PaintVessel(double[] layer, int height, int width, SyntheticRandom random)
    {
        var (y, x) = (height * random.NextUniform(), width * random.NextUniform());
        var angle = random.NextUniform(0, 2 * Math.PI);
        var bend = random.NextGaussian() * 1.2 / Field;
        var length = Field * random.NextUniform(0.10, 0.7);
        var deviation = Field * random.NextUniform(0.006, 0.016);
        var brightness = random.NextUniform(0.10, 0.34);
        const double Step = 0.5;
        for (var along = 0.0; along < length; along += Step)
        {
            var fading = 1 - (0.75 * along / length);
            SyntheticScan.PaintSpot(layer, height, width, y, x, deviation * fading, brightness * Math.Sqrt(fading));
            angle += bend * Step;
            y += Step * Math.Sin(angle);
            x += Step * Math.Cos(angle);
        }
    }

    private static void PaintBlob(
        double[] layer, int height, int width, IReadOnlyList<(ImageCrop Field, SyntheticLesion Lesion)> lesions, SyntheticRandom random)
    {
        var (y, x) = (height * random.NextUniform(), width * random.NextUniform());
        var deviation = Field * random.NextUniform(0.010, 0.022);
        var brightness = random.NextUniform(0.12, 0.36);
        if (lesions.All(item => Math.Sqrt(Math.Pow(y - item.Field.Top - item.Lesion.CenterY, 2) + Math.Pow(x - item.Field.Left - item.Lesion.CenterX, 2))
            > (2 * item.Lesion.Radius) + (3 * deviation)))
        {
            SyntheticScan.PaintSpot(layer, height, width, y, x, deviation, brightness);
        }
    }
}
