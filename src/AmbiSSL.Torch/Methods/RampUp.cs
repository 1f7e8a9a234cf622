namespace AmbiSSL.Torch.Methods;

/// <summary>Schedules over the epochs.</summary>
internal static class RampUp
{
    /// <summary>Gaussian ramp-up exp(-5 (1 - t/T)²) of eq. 21, with t clipped to [0, T]; 1 where T is 0.</summary>
    /// <param name="time">Time t, in epochs.</param>
    /// <param name="length">Length T of the ramp, in epochs.</param>
    public static double Gaussian(double time, double length)
    {
        if (length == 0)
        {
            return 1;
        }

        var missing = 1 - (Math.Clamp(time, 0, length) / length);
        return Math.Exp(-5 * missing * missing);
    }

    /// <summary>Cosine decay from the initial rate at 0 to zero at T.</summary>
    /// <param name="initial">Rate at time 0.</param>
    /// <param name="time">Time t, in epochs.</param>
    /// <param name="length">Epochs T.</param>
    public static double Cosine(double initial, double time, double length) => 0.5 * initial * (1 + Math.Cos(Math.PI * time / length));
}
