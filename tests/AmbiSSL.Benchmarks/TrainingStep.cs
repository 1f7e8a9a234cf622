using AmbiSSL.Torch.Data;
using AmbiSSL.Torch.Methods;
using AmbiSSL.Torch.Runtime;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AmbiSSL.Benchmarks;

/// <summary>The optimisation step of the training loop on one batch, past the warm-up.</summary>
internal sealed class TrainingStep : IDisposable
{
    public static readonly (int Epoch, int Epochs) Time = (1, 2);

    private readonly SegmentationMethod _method;
    private readonly TrainingBatch _batch;
    private readonly Generator _generator = new(1);
    private readonly optim.Optimizer _optimizer;

    public TrainingStep(SegmentationModel model, TrainingBatch batch)
    {
        _method = model.Method;
        _batch = batch;
        var rate = model.Options.LearningRate;
        _optimizer = optim.Adam(
            _method.ParameterGroups().Select(group => new Adam.ParamGroup(group.Parameters, rate * group.LearningRateFactor)));
        _method.BeginEpoch(Time.Epoch, _generator);
    }

    public void Run()
    {
        using var denormals = DenormalNumbers.TakeForZero();
        using var scope = NewDisposeScope();
        _method.train();
        _optimizer.zero_grad();
        _method.Step(_batch, new StepContext(Time.Epoch, Time.Epochs, _generator)).Total.backward();
        _method.AfterBackward();
        _optimizer.step();
        _method.AfterUpdate();
    }

    /// <summary>The optimizer's part of a step, with the gradients of the last one.</summary>
    public void Update()
    {
        using var denormals = DenormalNumbers.TakeForZero();
        using var scope = NewDisposeScope();
        _optimizer.step();
    }

    public void Dispose()
    {
        _optimizer.Dispose();
        _generator.Dispose();
    }
}
