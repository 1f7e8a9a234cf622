using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Methods;
using AmbiSSL.Torch.Tests.Methods;
using AmbiSSL.Torch.Training;
using NUnit.Framework;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests.Training;

/// <summary>
/// Recorded steps are the steps of every method, to the last bit: batch, random numbers, optimizer and what the epoch says all reach the replayed
/// work. A recording is here the same work on the same tensors, done again.
/// </summary>
[TestFixtureSource(typeof(RegisteredMethods), nameof(RegisteredMethods.Words))]
internal sealed class StepRecorderTests(string word)
{
    private const int Epochs = 8;
    private const int FirstEpoch = 3;

    private readonly SegmentationOptions _options = RegisteredMethods.Options(word);

    [Test]
    public void Replayed_steps_give_the_same_weights_and_losses()
    {
        var (weights, losses) = Train(recorded: null);
        var recordings = new List<Repeated>();

        var (ownWeights, ownLosses) = Train(recordings);

        Assert.That(ownWeights, Is.EqualTo(weights));
        Assert.That(ownLosses, Is.EqualTo(losses));
        Assert.That(recordings.Select(recording => recording.Replays), Is.EqualTo(new[] { 2, 1, 2, 1, 2, 1 }), "two shapes in each of three epochs");
        Assert.That(recordings.Select(recording => recording.IsDisposed), Has.All.True);
    }

    /// <summary>Weights after some steps with batches of four images and of two, and the loss of each step.</summary>
    private (float[] Weights, float[] Losses) Train(List<Repeated>? recorded)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(1);
        using var method = _options.CreateMethod(TinyData.Shape, annotators: 2, MaskClasses.One);
        method.train();
        var optimizer = new AdamOptimizer(method.ParameterGroups(), learningRate: 0.01);
        var step = new OptimizationStep(method, optimizer);
        using var recorder = recorded is null ? null : new StepRecorder(step.Run, (rehearsal, work, _) =>
        {
            rehearsal();
            recorded.Add(new Repeated(work));
            return recorded[^1];
        });
        using var generator = new Generator(5);
        var losses = new List<float>();
        for (var epoch = FirstEpoch; epoch < FirstEpoch + 3; epoch++)
        {
            method.BeginEpoch(epoch, generator);
            optimizer.SetLearningRate(0.01 / epoch);
            var context = new StepContext(epoch, Epochs, new DeviceRandom(generator, CPU));
            foreach (var count in new[] { 4, 2, 4, 2, 4 })
            {
                using var inner = NewDisposeScope();
                using var batch = Batch(count, generator);
                losses.Add((recorder?.Run(batch, context) ?? step.Run(batch, context)).Total.item<float>());
            }
        }

        return ([.. method.state_dict().Values.SelectMany(tensor => tensor.to(ScalarType.Float32).data<float>().ToArray())], [.. losses]);
    }

    private static TrainingBatch Batch(int count, Generator generator)
    {
        Tensor Uniform(int channels) => rand([count, channels, 16, 16], generator: generator);
        return new TrainingBatch(Uniform(1), Uniform(2).gt(0.5).to(ScalarType.Float32).unsqueeze(2), Uniform(1), Uniform(1), Uniform(1).gt(0.5).unsqueeze(2));
    }

    private sealed class Repeated(Action work) : IRecordedWork
    {
        public int Replays { get; private set; }

        public bool IsDisposed { get; private set; }

        public void Replay()
        {
            Replays++;
            work();
        }

        public void Dispose() => IsDisposed = true;
    }
}
