namespace AmbiSSL.Fuzz.Targets;

/// <summary>The description of a data set in nnU-Net's layout, of both versions.</summary>
internal sealed class NnUNetTarget : OutlineTarget
{
    public override string Name => "nnunet";

    public override string FileName => "dataset.json";

    protected override IReadOnlyList<string> Images => [Path.Combine("imagesTr", "a_0000.png"), Path.Combine("labelsTr", "a.png")];

    protected override IReadOnlyList<string> Texts =>
    [
        """{"channel_names":{"0":"CT"},"labels":{"background":0,"lesion":1},"numTraining":1,"file_ending":".png"}""",
        """{"modality":{"0":"CT"},"labels":{"0":"background","1":"lesion"},"training":[]}""",
    ];

    protected override ImageSource Open(string path) => NnUNetFolder.Open(Path.GetDirectoryName(path)!);
}
