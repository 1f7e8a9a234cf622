namespace AmbiSSL.Fuzz.Targets;

/// <summary>Every kind of file that is read from outside.</summary>
internal static class AllTargets
{
    /// <summary>The targets.</summary>
    public static IReadOnlyList<FuzzTarget> List { get; } =
    [
        new SafetensorsTarget(), new WeightsTarget(), new ModelZipTarget(), new EnsembleZipTarget(), new PngTarget(), new PngRowsTarget(),
        new LabelMapTarget(), new JpegTarget(), new IndexTarget(),
        new CocoTarget(), new LabelStudioTarget(), new NnUNetTarget(), new HdfTarget(), new NiftiTarget(), new CheckpointTarget(), new SweepTarget(),
    ];

    /// <summary>The target of a name.</summary>
    public static FuzzTarget Find(string name) => List.Single(target => target.Name == name);
}
