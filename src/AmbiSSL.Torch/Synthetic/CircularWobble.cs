namespace AmbiSSL.Torch.Synthetic;

/// <summary>
/// One draw of a smooth Gaussian process on the circle: a sum of harmonics whose cosine and sine have independent normal coefficients of
/// one variance, which makes the variance of the sum the same in every direction.
/// </summary>
internal sealed class CircularWobble
{
    // Standard deviations of the harmonics 0 to 4 relative to each other.
    private static readonly double[] HarmonicShares = [0.6, 0.3, 0.45, 0.45, 0.375];

    private readonly double[] _cosines = new double[HarmonicShares.Length];
    private readonly double[] _sines = new double[HarmonicShares.Length];

    /// <param name="deviation">Standard deviation in every direction.</param>
    /// <param name="random">Source of the coefficients.</param>
    public CircularWobble(double deviation, SyntheticRandom random)
    {
        var norm = Math.Sqrt(HarmonicShares.Sum(share => share * share));
        for (var harmonic = 0; harmonic < HarmonicShares.Length; harmonic++)
        {
            var scale = deviation * HarmonicShares[harmonic] / norm;
            _cosines[harmonic] = scale * random.NextGaussian();
            _sines[harmonic] = scale * random.NextGaussian();
            Bound += Math.Sqrt((_cosines[harmonic] * _cosines[harmonic]) + (_sines[harmonic] * _sines[harmonic]));
        }
    }

    /// <summary>No direction lies farther from 0.</summary>
    public double Bound { get; }

    /// <summary>The value in one direction.</summary>
    /// <param name="angle">The direction in radians.</param>
    public double At(double angle)
    {
        var sum = 0.0;
        for (var harmonic = 0; harmonic < _cosines.Length; harmonic++)
        {
            var (sine, cosine) = Math.SinCos(harmonic * angle);
            sum += (_cosines[harmonic] * cosine) + (_sines[harmonic] * sine);
        }

        return sum;
    }
}
