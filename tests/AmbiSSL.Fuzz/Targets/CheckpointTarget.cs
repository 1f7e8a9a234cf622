using AmbiSSL.Torch.Foundation;

namespace AmbiSSL.Fuzz.Targets;

/// <summary>The checkpoint of a run, inside an epoch and at its end.</summary>
internal sealed class CheckpointTarget : FuzzTarget
{
    private const string RunFolder = "run";

    public override string Name => "checkpoint";

    public override string Invariant => "Refused by name, or its checksum is right and the training goes on, to its end or until it says that it diverges.";

    public override string FileName => "checkpoint.safetensors";

    public override void Prepare(string folder) => Directory.CreateDirectory(Path.Combine(folder, RunFolder));

    // Its header is.
    public override bool IsText => true;

    public override byte[] Mend(byte[] mutant, SplitMix64 random) => Seal.Mend(mutant);

    public override bool Check(string path)
    {
        // The training writes the file anew.
        var run = Path.Combine(Path.GetDirectoryName(path)!, RunFolder);
        File.Copy(path, Path.Combine(run, FileName), overwrite: true);
        return Accepts(
            Path.Combine(run, FileName),
            () =>
            {
                try
                {
                    Train(new RunOptions { CheckpointDirectory = run }).Dispose();
                }
                catch (InvalidOperationException exception) when (exception.Message.StartsWith("The loss became ", StringComparison.Ordinal))
                {
                }

                Require(Seal.IsRight(File.ReadAllBytes(path)), "it is taken with a checksum that is wrong");
            },
            typeof(InvalidDataException),
            typeof(InvalidOperationException));
    }

    protected override IReadOnlyList<byte[]> MakeSound()
    {
        var folder = Directory.CreateTempSubdirectory("ambissl-");
        try
        {
            var file = Path.Combine(folder.FullName, FileName);
            using var stop = new CancellationTokenSource();
            try
            {
                Train(new RunOptions { CheckpointDirectory = folder.FullName, CancellationToken = stop.Token, Progress = new Stop(stop) }).Dispose();
            }
            catch (OperationCanceledException)
            {
            }

            var half = File.ReadAllBytes(file);
            Train(new RunOptions { CheckpointDirectory = folder.FullName }).Dispose();
            return [half, File.ReadAllBytes(file)];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static SegmentationModel Train(RunOptions run) => SegmentationTrainer.Fit(TinyModel.Images, TinyModel.Options, run);

    private sealed class Stop(CancellationTokenSource source) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => source.Cancel();
    }
}
