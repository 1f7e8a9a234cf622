using System.Text;
using AmbiSSL.Experiments.Runs;

namespace AmbiSSL.Fuzz.Targets;

/// <summary>A file of runs of the experiments.</summary>
internal sealed class SweepTarget : FuzzTarget
{
    public override string Name => "sweep";

    public override string Invariant => "Refused by name, or every run has options in their ranges and a labeled share.";

    public override string FileName => "sweep.json";

    public override bool IsText => true;

    public override bool Check(string path) => Accepts(path, () => Read(path), typeof(UsageException));

    protected override IReadOnlyList<byte[]> MakeSound() =>
    [
        Encoding.UTF8.GetBytes(
            """{"base":{"Epochs":20,"Backbone":{"kind":"unet","Filters":[8,16]}},"runs":[{"method":"ambissl","preset":"published","name":"own"},{"method":"self-training","ConfidenceThreshold":0.7}],"grid":{"LearningRate":[0.001,0.01]},"labeled":[0.1,1],"seeds":[1,2],"folds":[0,1]}"""),
        Encoding.UTF8.GetBytes("""{"runs":[{"method":"supervised"}],"labeled":0.5}"""),
    ];

    private static void Read(string path)
    {
        foreach (var run in Sweep.Read(path))
        {
            run.Options.Validate();
            Require(run.Labeled is > 0 and <= 1, $"run '{run.Name}' has a labeled share of {run.Labeled}");
        }
    }
}
