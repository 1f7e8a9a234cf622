namespace AmbiSSL;

/// <summary>Something about a data set that would hurt a training.</summary>
/// <param name="Harm">How much.</param>
/// <param name="Problem">What it is, in a few words.</param>
/// <param name="Detail">Where it is, with an example, and what to do, in sentences.</param>
/// <param name="Images">The ids of the images it is about; empty where it is about the data set, or a reader, as a whole.</param>
public sealed record Finding(FindingHarm Harm, string Problem, string Detail, IReadOnlyList<string> Images)
{
    /// <summary>Problem and detail on one line.</summary>
    public override string ToString() => $"{Problem}: {Detail}";
}
