namespace AmbiSSL;

/// <summary>The files of what a model draws for one image, all PNG; those that are there are replaced.</summary>
/// <param name="Masks">The N sampled masks, of 8 bits: 255 is foreground.</param>
/// <param name="Consensus">The one mask, of 8 bits.</param>
/// <param name="Probability">The mean over the samples at the model's temperature, of 16 bits: 65535 is 1.</param>
/// <param name="Uncertainty">Its entropy, of 16 bits: 65535 is one bit.</param>
public sealed record SampleFiles(IReadOnlyList<string> Masks, string Consensus, string Probability, string Uncertainty)
{
    /// <summary>All files, the masks first.</summary>
    internal IReadOnlyList<string> All => [.. Masks, Consensus, Probability, Uncertainty];

    /// <summary>Checks that each file has a path of its own.</summary>
    /// <exception cref="ArgumentException">Two have one.</exception>
    internal void Validate()
    {
        if (All.Select(Path.GetFullPath).GroupBy(path => path).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"{twice.Count()} of the files to write are '{twice.Key}'; give each a path of its own.");
        }
    }
}
