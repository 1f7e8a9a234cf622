namespace AmbiSSL;

/// <summary>
/// The files of what a model draws for one image, all PNG; those that are there are replaced. Where masks have K classes that exclude each other, a
/// file of 8 bits has their numbers and a palette of their colors, as <see cref="PngFile.WriteClasses"/> writes it; where they overlap, each class
/// has a file.
/// </summary>
/// <param name="Masks">The N sampled masks, of 8 bits: 255 is foreground. Where classes overlap N·K files, those of a mask one after the other.</param>
/// <param name="Consensus">The one mask, of 8 bits. Where classes overlap K files.</param>
/// <param name="Probability">The mean over the samples at the model's temperature, of 16 bits: 65535 is 1. A file for each of the K classes.</param>
/// <param name="Uncertainty">Its entropy, of 16 bits: 65535 is one bit, or log2(K + 1) bits where K classes exclude each other.</param>
public sealed record SampleFiles(IReadOnlyList<string> Masks, IReadOnlyList<string> Consensus, IReadOnlyList<string> Probability, string Uncertainty)
{
    /// <summary>The files of masks of one class.</summary>
    /// <param name="masks">See <see cref="Masks"/>.</param>
    /// <param name="consensus">See <see cref="Consensus"/>.</param>
    /// <param name="probability">See <see cref="Probability"/>.</param>
    /// <param name="uncertainty">See <see cref="Uncertainty"/>.</param>
    public SampleFiles(IReadOnlyList<string> masks, string consensus, string probability, string uncertainty)
        : this(masks, [consensus], [probability], uncertainty)
    {
    }

    /// <summary>All files, the masks first.</summary>
    internal IReadOnlyList<string> All => [.. Masks, .. Consensus, .. Probability, Uncertainty];

    /// <summary>Checks that there are as many files as classes need, and that each has a path of its own.</summary>
    /// <returns>Number N of masks.</returns>
    /// <exception cref="ArgumentException">There are more or fewer, or two have one path.</exception>
    internal int Validate(MaskClasses classes)
    {
        var each = classes.Overlap ? classes.Count : 1;
        if (Masks.Count == 0 || Masks.Count % each != 0 || Consensus.Count != each || Probability.Count != classes.Count)
        {
            throw new ArgumentException(
                $"There are {Masks.Count} files of masks, {Consensus.Count} of the consensus and {Probability.Count} of the probability; "
                + $"the model tells {classes} apart: give {each} for each mask, at least one, as many for the consensus, "
                + $"and {classes.Count} for the probability.");
        }

        return All.Select(Path.GetFullPath).GroupBy(path => path).FirstOrDefault(same => same.Count() > 1) is { } twice
            ? throw new ArgumentException($"{twice.Count()} of the files to write are '{twice.Key}'; give each a path of its own.")
            : Masks.Count / each;
    }
}
