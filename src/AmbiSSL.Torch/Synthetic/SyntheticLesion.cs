namespace AmbiSSL.Torch.Synthetic;

/// <summary>
/// One lesion: a star-shaped contour with a soft edge, for some with spicules. Its natural coordinate is the logarithm of the distance
/// from the center over the contour's radius in that direction: 0 on the contour, negative inside.
/// </summary>
internal sealed class SyntheticLesion
{
    private const int FirstHarmonic = 2;
    private const double SpiculedShare = 0.35;
    private const double SmallestContrast = 0.12;
    private const double LargestContrast = 0.5;

    // Of the contour's radius.
    private const double CoreRadius = 0.6;

    private readonly int _width;
    private readonly double[] _amplitudes;
    private readonly double[] _phases;
    private readonly Spicule[] _spicules;
    private readonly double[] _logDistances;
    private readonly double[] _angles;
    private readonly bool[] _isSpicule;

    /// <param name="options">Of the data set.</param>
    /// <param name="index">Position of the image, or of the lesion.</param>
    /// <param name="stream">Where its place and contour come from.</param>
    public SyntheticLesion(SyntheticLesionOptions options, int index, SyntheticStream stream = SyntheticStream.Lesion)
    {
        var extent = Math.Min(options.Height, options.Width);
        var ofSubject = new SyntheticRandom(options.Seed, SyntheticStream.Subject, index / options.ImagesPerSubject);
        var random = new SyntheticRandom(options.Seed, stream, index);

        var size = Math.Exp(0.28 * ofSubject.NextGaussian()) * Math.Exp(0.12 * random.NextGaussian());
        Radius = extent * options.Radius * Math.Clamp(size, 0.57, 2.05);
        Contrast = Math.Clamp(
            ofSubject.NextUniform(SmallestContrast, LargestContrast) + (0.04 * random.NextGaussian()), SmallestContrast, LargestContrast);
        EdgeWidth = ofSubject.NextUniform(0.045, 0.105) * random.NextUniform(0.85, 1.15);
        CenterY = options.Height * random.NextUniform(0.34, 0.66);
        CenterX = options.Width * random.NextUniform(0.34, 0.66);

        var irregularity = ofSubject.NextUniform(0.5, 1.3);
        _amplitudes = new double[6];
        _phases = new double[_amplitudes.Length];
        for (var harmonic = 0; harmonic < _amplitudes.Length; harmonic++)
        {
            _amplitudes[harmonic] = 0.26 * irregularity * random.NextGaussian() / (harmonic + FirstHarmonic);
            _phases[harmonic] = random.NextUniform(0, 2 * Math.PI);
        }

        _spicules = ofSubject.NextBoolean(SpiculedShare) ? MakeSpicules(random) : [];
        _width = options.Width;
        _logDistances = new double[options.Height * options.Width];
        _angles = new double[_logDistances.Length];
        _isSpicule = new bool[_logDistances.Length];
        LocatePixels();
    }

    /// <summary>Row of the center, in pixels.</summary>
    public double CenterY { get; }

    /// <summary>Column of the center, in pixels.</summary>
    public double CenterX { get; }

    /// <summary>Typical radius, in pixels.</summary>
    public double Radius { get; }

    /// <summary>How much brighter than its surroundings, 0.12 to 0.5.</summary>
    public double Contrast { get; }

    /// <summary>Width of the soft edge, in the logarithmic coordinate.</summary>
    public double EdgeWidth { get; }

    /// <summary>
    /// Probability that an annotator does not see the lesion: 0.4 % for a bright one, rising with the fourth power of
    /// faintness to 15.4 %.
    /// </summary>
    public double OmissionProbability => 0.004 + (0.15 * Math.Pow((LargestContrast - Contrast) / (LargestContrast - SmallestContrast), 4));

    /// <summary>Probability that an annotator who sees the lesion takes its core for rim.</summary>
    public static double CoreOmissionProbability => 0.1;

    /// <summary>Logarithm of the distance from the center over the contour's radius, for a pixel in [H, W] order.</summary>
    public double LogDistance(int position) => _logDistances[position];

    /// <summary>The same over the radius of the core.</summary>
    public double LogDistanceToCore(int position) => _logDistances[position] - Math.Log(CoreRadius);

    /// <summary>Direction of a pixel from the center, in radians.</summary>
    public double Angle(int position) => _angles[position];

    /// <summary>True for the pixels that an annotator adds who outlines the spicules too.</summary>
    public bool IsSpicule(int position) => _isSpicule[position];

    /// <summary>How far the tissue of a pixel is the lesion's, 0 to 1: one half on the contour.</summary>
    public double Density(int y, int x)
    {
        var density = 1 / (1 + Math.Exp(_logDistances[(y * _width) + x] / EdgeWidth));
        foreach (var spicule in _spicules)
        {
            density = Math.Max(density, spicule.Density(y + 0.5 - CenterY, x + 0.5 - CenterX));
        }

        return density;
    }

    /// <summary>How far the tissue of a pixel is the core's, 0 to 1.</summary>
    public double CoreDensity(int y, int x) => 1 / (1 + Math.Exp(LogDistanceToCore((y * _width) + x) / EdgeWidth));

    private void LocatePixels()
    {
        for (var position = 0; position < _logDistances.Length; position++)
        {
            var down = (position / _width) + 0.5 - CenterY;
            var right = (position % _width) + 0.5 - CenterX;
            var angle = Math.Atan2(down, right);
            var logRadius = Math.Log(Radius);
            for (var harmonic = 0; harmonic < _amplitudes.Length; harmonic++)
            {
                logRadius += _amplitudes[harmonic] * Math.Cos(((harmonic + FirstHarmonic) * angle) + _phases[harmonic]);
            }

            // A quarter of a pixel keeps the logarithm finite at the center.
            _logDistances[position] = Math.Log(Math.Max(0.25, Math.Sqrt((down * down) + (right * right)))) - logRadius;
            _angles[position] = angle;
            _isSpicule[position] = Array.Exists(_spicules, spicule => spicule.Contains(down, right));
        }
    }

    private Spicule[] MakeSpicules(SyntheticRandom random)
    {
        var spicules = new Spicule[4 + random.NextInteger(5)];
        for (var number = 0; number < spicules.Length; number++)
        {
            var angle = 2 * Math.PI * (number + random.NextUniform(-0.35, 0.35)) / spicules.Length;
            var length = Radius * random.NextUniform(1.25, 1.9);
            spicules[number] = new Spicule(angle, 0.4 * Radius, length, Math.Max(1, Radius * random.NextUniform(0.16, 0.30)));
        }

        return spicules;
    }

    /// <summary>A thin wedge that points away from the center, from <paramref name="Start"/> to <paramref name="End"/> pixels.</summary>
    private sealed record Spicule(double Angle, double Start, double End, double HalfWidth)
    {
        private readonly double _sine = Math.Sin(Angle);
        private readonly double _cosine = Math.Cos(Angle);

        public bool Contains(double down, double right)
        {
            var (along, across) = Project(down, right);
            return along >= Start && along <= End && Math.Abs(across) <= WidthAt(along);
        }

        public double Density(double down, double right)
        {
            var (along, across) = Project(down, right);
            if (along < Start || along > 1.15 * End)
            {
                return 0;
            }

            var relative = across / WidthAt(along);
            return 0.75 * Math.Exp(-0.6 * relative * relative) / (1 + Math.Exp((along - End) / (0.08 * End)));
        }

        private double WidthAt(double along) => HalfWidth * Math.Max(0.2, 1 - (0.8 * (along - Start) / (End - Start)));

        private (double Along, double Across) Project(double down, double right) =>
            ((right * _cosine) + (down * _sine), (down * _cosine) - (right * _sine));
    }
}
