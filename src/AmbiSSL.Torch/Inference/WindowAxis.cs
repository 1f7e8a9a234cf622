namespace AmbiSSL.Torch.Inference;

/// <summary>
/// Where windows lie along the height or the width of an image, and how much each counts there: by nnU-Net's convention they overlap by half or a little more,
/// evenly, and their weights fall as a normal distribution whose deviation is an eighth of the window; less its value just beyond the window, so that nothing
/// jumps where a window ends.
/// </summary>
internal sealed class WindowAxis
{
    private const double Deviation = 1.0 / 8;

    /// <param name="length">Pixels of the image; where they are fewer than the window's, the image lies in the middle of one window.</param>
    /// <param name="window">Pixels of the window.</param>
    public WindowAxis(int length, int window)
    {
        Length = Math.Max(length, window);
        Margin = (Length - length) / 2;
        var last = Length - window;
        var steps = (int)Math.Ceiling(2.0 * last / window);
        Starts = [.. Enumerable.Range(0, steps + 1).Select(i => steps == 0 ? 0 : (int)Math.Round((double)last * i / steps))];
        double Density(double place) => Math.Exp(-0.5 * Math.Pow((place - ((window - 1) / 2.0)) / (window * Deviation), 2));
        Weights = [.. Enumerable.Range(0, window).Select(i => (float)(Density(i) - Density(-1)))];
        Totals = new float[Length];
        foreach (var start in Starts)
        {
            for (var i = 0; i < window; i++)
            {
                Totals[start + i] += Weights[i];
            }
        }
    }

    /// <summary>Pixels that the windows cover.</summary>
    public int Length { get; }

    /// <summary>Pixels before the image's first one.</summary>
    public int Margin { get; }

    /// <summary>The first pixel of each window.</summary>
    public IReadOnlyList<int> Starts { get; }

    /// <summary>The weight of each pixel of a window.</summary>
    public float[] Weights { get; }

    /// <summary>The sum of the weights of all windows at each pixel.</summary>
    public float[] Totals { get; }
}
