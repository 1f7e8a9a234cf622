using System.Diagnostics;

namespace AmbiSSL.Benchmarks;

/// <summary>Wall and processor time of a piece of work.</summary>
internal readonly record struct Elapsed(double WallSeconds, double ProcessorSeconds)
{
    /// <summary>Runs an action and times it.</summary>
    public static Elapsed Of(Action action)
    {
        var processor = Environment.CpuUsage.TotalTime;
        var watch = Stopwatch.StartNew();
        action();
        return new Elapsed(watch.Elapsed.TotalSeconds, (Environment.CpuUsage.TotalTime - processor).TotalSeconds);
    }

    /// <summary>Runs two actions in turns, after one turn to warm up, and returns the times of both.</summary>
    public static (Elapsed[] First, Elapsed[] Second) Pairs(int count, Action first, Action second)
    {
        first();
        second();
        var times = Enumerable.Range(0, count).Select(_ => (First: Of(first), Second: Of(second))).ToArray();
        return ([.. times.Select(pair => pair.First)], [.. times.Select(pair => pair.Second)]);
    }
}
