namespace AmbiSSL.Cli.Experiments;

/// <summary>How large a part of a data set is.</summary>
/// <param name="Images">Number of images.</param>
/// <param name="Subjects">Number of subjects.</param>
internal sealed record PartSize(int Images, int Subjects);
