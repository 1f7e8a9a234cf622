namespace AmbiSSL.Torch.Synthetic;

/// <summary>
/// Renders a CT-like picture: smooth texture, vessels and blobs that are no lesion, a chest wall in some, the lesion, and noise that is
/// correlated between neighbors.
/// </summary>
internal sealed class SyntheticScan
{
    private const double NoiseDeviation = 0.022;

    private readonly int _height;
    private readonly int _width;
    private readonly double _extent;
    private readonly SyntheticLesion _lesion;
    private readonly SyntheticLesion? _striped;
    private readonly bool _hasCore;
    private readonly bool _isStripedBelow;
    private readonly SyntheticRandom _random;
    private readonly double[] _tissue;

    private SyntheticScan(SyntheticLesionOptions options, SyntheticLesion lesion, SyntheticLesion? striped, int index)
    {
        _striped = striped;
        _hasCore = options.Classes is SyntheticClasses.CoreAndRim or SyntheticClasses.CoreRimAndStriped;
        _isStripedBelow = options.Classes == SyntheticClasses.CoreRimAndStriped;
        _height = options.Height;
        _width = options.Width;
        _extent = Math.Min(_height, _width);
        _lesion = lesion;
        _random = new SyntheticRandom(options.Seed, SyntheticStream.Background, index);
        _tissue = new double[_height * _width];
    }

    /// <summary>Renders one image.</summary>
    /// <param name="options">Of the data set.</param>
    /// <param name="lesion">Its lesion.</param>
    /// <param name="striped">A striped lesion; null for none.</param>
    /// <param name="index">Position of the image.</param>
    /// <returns>8-bit values in [H, W] order.</returns>
    public static byte[] Render(SyntheticLesionOptions options, SyntheticLesion lesion, SyntheticLesion? striped, int index)
    {
        var scan = new SyntheticScan(options, lesion, striped, index);
        var level = scan._random.NextUniform(0.09, 0.20);
        scan.AddTexture(level);
        scan.AddVessels();
        scan.AddBlobs();
        scan.BlendWall(level);
        scan.BlendLesions(level);
        AddNoise(scan._tissue, scan._height, scan._width, scan._random);
        return ToBytes(scan._tissue);
    }

    /// <summary>Tissue from 0 to 1 as 8-bit values.</summary>
    public static byte[] ToBytes(double[] tissue) => Array.ConvertAll(tissue, value => (byte)Math.Round(255 * Math.Clamp(value, 0, 1)));

    private void AddTexture(double level)
    {
        Array.Fill(_tissue, level);
        for (var number = 0; number < 7; number++)
        {
            var frequency = 2 * Math.PI / (_extent * _random.NextUniform(0.12, 0.8));
            var (sine, cosine) = Math.SinCos(_random.NextUniform(0, 2 * Math.PI));
            var amplitude = _random.NextUniform(0.003, 0.014);
            var phase = _random.NextUniform(0, 2 * Math.PI);
            Add((y, x) => amplitude * Math.Cos((frequency * ((sine * y) + (cosine * x))) + phase));
        }
    }

    private void AddVessels()
    {
        var count = 4 + _random.NextInteger(7);
        for (var number = 0; number < count; number++)
        {
            AddVessel();
        }
    }

    // A curve that bends evenly while it thins and fades.
    private void AddVessel()
    {
        var (y, x) = RandomPoint();
        var angle = _random.NextUniform(0, 2 * Math.PI);
        var bend = _random.NextGaussian() * 1.2 / _extent;
        var length = _extent * _random.NextUniform(0.10, 0.45);
        var width = _extent * _random.NextUniform(0.006, 0.016);
        var brightness = _random.NextUniform(0.10, 0.34);
        var vessel = new double[_tissue.Length];
        const double Step = 0.5;
        for (var along = 0.0; along < length; along += Step)
        {
            var fading = 1 - (0.75 * along / length);
            PaintSpot(vessel, _height, _width, y, x, width * fading, brightness * Math.Sqrt(fading));
            angle += bend * Step;
            y += Step * Math.Sin(angle);
            x += Step * Math.Cos(angle);
        }

        for (var position = 0; position < vessel.Length; position++)
        {
            _tissue[position] += vessel[position];
        }
    }

    private void AddBlobs()
    {
        var blobs = new double[_tissue.Length];
        var count = 2 + _random.NextInteger(4);
        for (var number = 0; number < count; number++)
        {
            var (y, x) = RandomPoint();
            var width = _extent * _random.NextUniform(0.010, 0.022);
            var brightness = _random.NextUniform(0.12, 0.36);
            var distance = Math.Sqrt(Math.Pow(y - _lesion.CenterY, 2) + Math.Pow(x - _lesion.CenterX, 2));
            if (distance > (2 * _lesion.Radius) + (3 * width))
            {
                PaintSpot(blobs, _height, _width, y, x, width, brightness);
            }
        }

        for (var position = 0; position < blobs.Length; position++)
        {
            _tissue[position] += blobs[position];
        }
    }

    // A bright region behind a gently curved line, beside the lesion or far from it.
    private void BlendWall(double level)
    {
        var (sine, cosine) = Math.SinCos(_random.NextUniform(0, 2 * Math.PI));
        var distance = (1.7 * _lesion.Radius) + (_extent * _random.NextUniform(0.02, 0.35));
        var curvature = _random.NextUniform(-0.9, 0.2) / _extent;
        var wallLevel = level + _random.NextUniform(0.25, 0.45);
        if (!_random.NextBoolean(0.6))
        {
            return;
        }

        var softness = 0.006 * _extent;
        Blend(wallLevel, (y, x) =>
        {
            var down = y - _lesion.CenterY;
            var right = x - _lesion.CenterX;
            var along = (down * cosine) - (right * sine);
            var depth = (right * cosine) + (down * sine) - distance - (curvature * along * along);
            return 1 / (1 + Math.Exp(-depth / softness));
        });
    }

    private void BlendLesions(double level)
    {
        if (_isStripedBelow)
        {
            BlendStriped(level);
        }

        Blend(level + _lesion.Contrast, _lesion.Density);
        if (_hasCore)
        {
            Blend(level + (0.3 * _lesion.Contrast), _lesion.CoreDensity);
        }

        if (_striped is not null && !_isStripedBelow)
        {
            BlendStriped(level);
        }
    }

    // Stripes of five pixels, so that what is below shows between them.
    private void BlendStriped(double level) =>
        Blend(level + _striped!.Contrast, (y, x) => _striped.Density(y, x) * (0.55 + (0.45 * Math.Cos(2 * Math.PI * (y + x) / 5))));

    /// <summary>Adds noise that is correlated between neighbors to tissue in [H, W] order.</summary>
    public static void AddNoise(double[] tissue, int height, int width, SyntheticRandom random)
    {
        var noise = new double[tissue.Length];
        for (var position = 0; position < noise.Length; position++)
        {
            noise[position] = random.NextGaussian();
        }

        // The kernel [1 2 1] / 4 leaves 3/8 of the variance, once along each axis.
        noise = Smooth(Smooth(noise, width, 1), height, width);
        for (var position = 0; position < noise.Length; position++)
        {
            tissue[position] += NoiseDeviation * noise[position] * 8 / 3;
        }
    }

    private static double[] Smooth(double[] values, int length, int stride)
    {
        var smoothed = new double[values.Length];
        for (var position = 0; position < values.Length; position++)
        {
            var coordinate = position / stride % length;
            var before = coordinate == 0 ? position : position - stride;
            var after = coordinate == length - 1 ? position : position + stride;
            smoothed[position] = (values[before] + (2 * values[position]) + values[after]) / 4;
        }

        return smoothed;
    }

    private (double Y, double X) RandomPoint() => (_height * _random.NextUniform(-0.1, 1.1), _width * _random.NextUniform(-0.1, 1.1));

    /// <summary>Brightens a layer in [H, W] order about a point, where it is darker.</summary>
    public static void PaintSpot(double[] layer, int height, int width, double centerY, double centerX, double deviation, double brightness)
    {
        var reach = 3.5 * deviation;
        for (var y = Math.Max(0, (int)(centerY - reach)); y <= Math.Min(height - 1, (int)(centerY + reach)); y++)
        {
            for (var x = Math.Max(0, (int)(centerX - reach)); x <= Math.Min(width - 1, (int)(centerX + reach)); x++)
            {
                var squared = ((y - centerY) * (y - centerY)) + ((x - centerX) * (x - centerX));
                var position = (y * width) + x;
                layer[position] = Math.Max(layer[position], brightness * Math.Exp(-0.5 * squared / (deviation * deviation)));
            }
        }
    }

    private void Blend(double level, Func<int, int, double> share) =>
        Add((y, x) => share(y, x) * (level - _tissue[(y * _width) + x]));

    private void Add(Func<int, int, double> addition)
    {
        for (var y = 0; y < _height; y++)
        {
            for (var x = 0; x < _width; x++)
            {
                _tissue[(y * _width) + x] += addition(y, x);
            }
        }
    }
}
