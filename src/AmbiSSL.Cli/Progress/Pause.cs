namespace AmbiSSL.Cli.Progress;

/// <summary>The half minute that lies between two lines of a log.</summary>
internal sealed class Pause(TimeProvider clock)
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(30);

    private long _begin = clock.GetTimestamp();

    /// <summary>Whether it is time for another line.</summary>
    public bool IsOver => clock.GetElapsedTime(_begin) >= Length;

    /// <summary>Begins anew, after a line.</summary>
    public void Begin() => _begin = clock.GetTimestamp();
}
