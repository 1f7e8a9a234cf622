namespace AmbiSSL.Experiments.Runs;

/// <summary>One run of a sweep before fold and data set are known.</summary>
/// <param name="Name">What tables call it.</param>
/// <param name="Options">The method and its options, the seed among them.</param>
/// <param name="Members">Networks that are trained, from seeds of their own, and evaluated as one ensemble where they are several.</param>
/// <param name="Labeled">Share of the training subjects whose annotations are used.</param>
/// <param name="Fold">The fold that is held out; null for each of them.</param>
internal sealed record SweepRun(string Name, SegmentationOptions Options, int Members, double Labeled, int? Fold);
