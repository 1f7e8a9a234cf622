using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Methods;
using AmbiSSL.Torch.Networks;
using AmbiSSL.Torch.Onnx;
using AmbiSSL.Torch.Training;
using NUnit.Framework;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests.Training;

public sealed class TrainingStateTests : TorchFixture
{
    /// <summary>Each weight has a step count of its own: that of the second is behind, and goes on from there.</summary>
    [Test]
    public void Weights_that_a_stage_leaves_out_go_on_where_they_were()
    {
        using var expected = new Run();
        expected.Steps(2, usesSecond: true);
        expected.Steps(2, usesSecond: false);
        expected.Steps(1, usesSecond: true);

        using var first = new Run();
        first.Steps(2, usesSecond: true);
        first.Steps(1, usesSecond: false);
        using var generator = new Generator(1);
        using var continued = new Run();
        continued.State.Restore(first.State.Capture(generator), generator);
        var second = continued.Method.Second.item<float>();
        continued.Steps(1, usesSecond: false);
        Assert.That(continued.Method.Second.item<float>(), Is.EqualTo(second));
        continued.Steps(1, usesSecond: true);

        Assert.Multiple(() =>
        {
            Assert.That(continued.Method.First.item<float>(), Is.EqualTo(expected.Method.First.item<float>()));
            Assert.That(continued.Method.Second.item<float>(), Is.EqualTo(expected.Method.Second.item<float>()));
            Assert.That(continued.Method.Third.item<float>(), Is.EqualTo(3));
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
            _optimizer = new AdamOptimizer(Method.ParameterGroups(), 0.1);
            State = new TrainingState(Method, _optimizer, _best, new ProgressReporter(TinyData.Options, new RunOptions(), CPU));
        }

        public ThreeWeights Method { get; } = new();

        public TrainingState State { get; }

        public void Steps(int count, bool usesSecond)
        {
            for (var i = 0; i < count; i++)
            {
                _optimizer.ForgetGradients();
                var loss = usesSecond ? Method.First.square() + Method.Second.square() : Method.First.square();
                loss.backward();
                _optimizer.Step();
            }
        }

        public void Dispose()
        {
            _best.Dispose();
            Method.Dispose();
        }
    }

    private sealed class ThreeWeights : SegmentationMethod
    {
        public ThreeWeights()
            : base("three weights", MaskClasses.One)
        {
            register_parameter("first", First);
            register_parameter("second", Second);
            register_parameter("third", Third);
        }

        public Parameter First { get; } = nn.Parameter(tensor(1f));

        public Parameter Second { get; } = nn.Parameter(tensor(2f));

        public Parameter Third { get; } = nn.Parameter(tensor(3f));

        public override FeatureEncoder Encoder => throw new NotSupportedException();

        public override int NoiseDimensions => 1;

        public override bool UsesUnlabeled(int epoch) => false;

        public override IEnumerable<LossPart> Step(TrainingBatch batch, StepContext context) => throw new NotSupportedException();

        public override Tensor Probabilities(Tensor images, FeaturePyramid seen, Tensor noise) => throw new NotSupportedException();

        public override OnnxProbabilities Export(OnnxGraph graph, OnnxValue images, OnnxNoise noise) => throw new NotSupportedException();
    }
}
