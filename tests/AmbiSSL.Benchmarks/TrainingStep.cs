using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Methods;
using AmbiSSL.Torch.Training;
using static TorchSharp.torch;

namespace AmbiSSL.Benchmarks;

/// <summary>The optimization step of the training loop on one batch, past the warm-up.</summary>
internal sealed class TrainingStep : IDisposable
{
    public static readonly (int Epoch, int Epochs) Time = (1, 2);

    private readonly SegmentationMethod _method;
    private readonly TrainingBatch _batch;
    private readonly Generator _generator = new(1);
    private readonly AdamOptimizer _optimizer;
    private readonly OptimizationStep _optimization;
    private readonly CudaStream? _stream;
    private readonly StepRecorder? _recorder;

    public TrainingStep(SegmentationModel model, TrainingBatch batch)
    {
        _method = model.Method;
        _batch = batch;
        _optimizer = new AdamOptimizer(_method.ParameterGroups(), model.Options.Training.LearningRate);
        _optimization = new OptimizationStep(_method, _optimizer);
        _stream = CudaStream.Take(_batch.LabeledImages.device);
        _recorder = StepRecorder.For(_optimization, _stream);
        _method.BeginEpoch(Time.Epoch, _generator);
    }

    public void Run()
    {
        using var denormals = DenormalNumbers.TakeForZero();
        using var scope = NewDisposeScope();
        _method.train();
        var context = new StepContext(Time.Epoch, Time.Epochs, new DeviceRandom(_generator, _batch.LabeledImages.device));
        _ = _recorder?.Run(_batch, context) ?? _optimization.Run(_batch, context);
    }

    /// <summary>The optimizer's part of a step, with the gradients of the last one.</summary>
    public void Update()
    {
        using var denormals = DenormalNumbers.TakeForZero();
        using var scope = NewDisposeScope();
        _optimizer.Step();
    }

    public void Dispose()
    {
        _recorder?.Dispose();
        _stream?.Dispose();
        _generator.Dispose();
    }
}
