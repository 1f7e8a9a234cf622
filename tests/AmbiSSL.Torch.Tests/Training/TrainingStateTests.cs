using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Methods;
using AmbiSSL.Torch.Onnx;
using AmbiSSL.Torch.Training;
using NUnit.Framework;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests.Training;

public sealed class TrainingStateTests : TorchFixture
{
    /// <summary>Adam goes on moving a weight that had a gradient once, and passes over one that never had.</summary>
    [Test]
    public void Weights_that_a_later_stage_leaves_out_move_on_as_before()
    {
        using var expected = new Run();
        expected.Steps(2, usesSecond: true);
        var second = expected.Method.Second.item<float>();
        expected.Steps(2, usesSecond: false);
        Assert.That(expected.Method.Second.item<float>(), Is.Not.EqualTo(second));

        using var first = new Run();
        first.Steps(2, usesSecond: true);
        first.Steps(1, usesSecond: false);
        using var generator = new Generator(1);
        using var continued = new Run();
        continued.State.Restore(first.State.Capture(generator), generator);
        continued.Steps(1, usesSecond: false);

        Assert.Multiple(() =>
        {
            Assert.That(continued.Method.First.item<float>(), Is.EqualTo(expected.Method.First.item<float>()));
            Assert.That(continued.Method.Second.item<float>(), Is.EqualTo(expected.Method.Second.item<float>()));
            Assert.That(continued.Method.Third.item<float>(), Is.EqualTo(3));
            Assert.That(continued.Method.Third.grad, Is.Null);
        });
    }

    [Test]
    public void The_generator_draws_on_where_it_was()
    {
        using var run = new Run();
        using var generator = new Generator(1);
        rand(5, generator: generator);
        var state = run.State.Capture(generator);
        var expected = rand(5, generator: generator).data<float>().ToArray();

        using var other = new Generator(2);
        using var continued = new Run();
        continued.State.Restore(state, other);

        Assert.That(rand(5, generator: other).data<float>().ToArray(), Is.EqualTo(expected));
    }

    private sealed class Run : IDisposable
    {
        private readonly AdamOptimizer _optimizer;
        private readonly BestEpoch _best = new(patience: null);

        public Run()
        {
            _optimizer = new AdamOptimizer([new Adam.ParamGroup(Method.parameters(), 0.1)]);
            State = new TrainingState(Method, _optimizer, _best, new ProgressReporter(TinyData.Options, null, CPU));
        }

        public ThreeWeights Method { get; } = new();

        public TrainingState State { get; }

        public void Steps(int count, bool usesSecond)
        {
            for (var i = 0; i < count; i++)
            {
                _optimizer.zero_grad();
                var loss = usesSecond ? Method.First.square() + Method.Second.square() : Method.First.square();
                loss.backward();
                _optimizer.step();
            }
        }

        public void Dispose()
        {
            _optimizer.Dispose();
            _best.Dispose();
            Method.Dispose();
        }
    }

    private sealed class ThreeWeights : SegmentationMethod
    {
        public ThreeWeights()
            : base("three weights")
        {
            register_parameter("first", First);
            register_parameter("second", Second);
            register_parameter("third", Third);
        }

        public Parameter First { get; } = nn.Parameter(tensor(1f));

        public Parameter Second { get; } = nn.Parameter(tensor(2f));

        public Parameter Third { get; } = nn.Parameter(tensor(3f));

        public override int NoiseDimensions => 1;

        public override bool UsesUnlabeled(int epoch) => false;

        public override IEnumerable<LossPart> Step(TrainingBatch batch, StepContext context) => throw new NotSupportedException();

        public override Tensor Probabilities(Tensor images, Tensor noise) => throw new NotSupportedException();

        public override OnnxProbabilities Export(OnnxGraph graph, OnnxValue images, OnnxNoise noise) => throw new NotSupportedException();
    }
}
