using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Methods;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Training;

/// <summary>
/// The training of a model, from its beginning or from a checkpoint, epoch by epoch. Its tensors belong to the dispose scope that it was made
/// in.
/// </summary>
internal sealed class TrainingRun : IDisposable
{
    private readonly SegmentationModel _model;
    private readonly SegmentationMethod _method;
    private readonly SegmentationOptions _options;
    private readonly RunOptions _run;
    private readonly int _seed;
    private readonly int[] _labeled;
    private readonly int[] _unlabeled;
    private readonly BatchLoader _loader;
    private readonly ValidationSet? _validation;
    private readonly TensorBoardLog? _log;
    private readonly EpochTable? _table;
    private readonly Device _device;
    private readonly CudaStream? _stream;
    private readonly AdamOptimizer _optimizer;
    private readonly OptimizationStep _optimization;
    private readonly StepRecorder? _recorder;
    private readonly BestEpoch _best;
    private readonly ProgressReporter _progress;
    private readonly TrainingState _state;
    private readonly RunCheckpoint? _checkpoint;
    private readonly RunPosition _start;
    private RunPosition _position;

    /// <summary>Prepares a run; nothing is computed yet.</summary>
    /// <param name="model">As it was made, on the training device.</param>
    /// <param name="run">Where it reports, and when it ends.</param>
    /// <param name="images">The training images.</param>
    /// <param name="validationImages">The images that it is scored on after an epoch; null for none.</param>
    /// <param name="checkpoint">Where the state of the run is kept; null for nowhere.</param>
    /// <param name="device">The training device.</param>
    /// <param name="stream">Where the work of its threads goes; null for the device's first stream, or a CPU.</param>
    public TrainingRun(
        SegmentationModel model,
        RunOptions run,
        ImageCache images,
        ImageCache? validationImages,
        RunCheckpoint? checkpoint,
        Device device,
        CudaStream? stream)
    {
        _model = model;
        _run = run;
        (_method, _options, _seed) = (model.Method, model.Options, model.Options.Seed!.Value);
        var training = _options.Training;
        _loader = new BatchLoader(
            images, model.Images.Intensities!, model.Annotators, model.Readers.Count > 0, training.Augmentation, device, training.Windows);
        (_labeled, _unlabeled) = (Turns(images.Labeled), Turns(images.Unlabeled));
        _validation = validationImages is null ? null : new ValidationSet(validationImages);
        _log = run.TensorBoardDirectory is { } folder ? new TensorBoardLog(folder, validationImages ?? images, model.Images.Intensities!) : null;
        _table = EpochTable.Of(run);
        _device = device;
        _stream = stream;
        _optimizer = new AdamOptimizer(_method.ParameterGroups(), _options.Training.LearningRate);
        _optimization = new OptimizationStep(_method, _optimizer);
        _recorder = run.UseCudaGraphs ? StepRecorder.For(_optimization, stream) : null;
        _best = new BestEpoch(_options.Training.EarlyStoppingPatience);
        _progress = new ProgressReporter(_options, run, device);
        _state = new TrainingState(_method, _optimizer, _best, _progress);
        _checkpoint = checkpoint;
        _position = _start = checkpoint?.Start ?? default;
    }

    /// <summary>Whether what predicts has begun to learn: in the epoch under way, or by the end of the one before.</summary>
    private bool HasModel => _position.Step > 0 ? _method.CanSampleAfter(_position.Epoch) : _position.Epoch > 0 && _method.CanSampleAfter(_position.Epoch - 1);

    /// <summary>Trains to the last epoch, or until nothing improves any more, and leaves the model with the weights that it is to have.</summary>
    /// <returns>Whether it ended by itself; false where it was canceled and the model is that so far.</returns>
    /// <exception cref="OperationCanceledException">The run options' token asked to stop, and no model is to be kept, or there is none.</exception>
    /// <exception cref="InvalidOperationException">The loss is not finite, or beyond a million.</exception>
    public bool Train()
    {
        if (_start.Step == 0)
        {
            _checkpoint?.Restore(_state);
        }

        var isCanceled = false;
        try
        {
            while (_position.Epoch < _options.Epochs && !_best.IsExhausted)
            {
                TrainEpoch(_position.Epoch);
            }
        }
        catch (OperationCanceledException) when (_run is { KeepsModelOnCancel: true, CancellationToken.IsCancellationRequested: true } && HasModel)
        {
            isCanceled = true;
        }

        if (_best.Epochs > 0)
        {
            _best.RestoreTo(_method);
        }

        _model.TrainedEpochs = _best.Epochs > 0 ? _best.Epochs : _position.Epoch;
        return !isCanceled;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _recorder?.Dispose();
        _best.Dispose();
    }

    private int[] Turns(IEnumerable<int> images) => [.. images.SelectMany(index => Enumerable.Repeat(index, _loader.TurnsOf(index)))];

    private void TrainEpoch(int epoch)
    {
        var plan = new EpochPlan(_labeled, _unlabeled, _options.Training.BatchSize, _seed, epoch);
        using var generator = new Generator((ulong)EpochPlan.HashCode(_seed, ~epoch));
        var context = new StepContext(epoch, _options.Epochs, new DeviceRandom(generator, _device));
        var firstStep = epoch == _start.Epoch ? _start.Step : 0;

        // Between two steps, and between two validation images after the last one.
        void Pause(int step)
        {
            _position = new RunPosition(epoch, step);
            var stops = _run.CancellationToken.IsCancellationRequested;
            if (step > firstStep && (stops || _checkpoint is { IsDue: true }))
            {
                _checkpoint?.Save(_state, new RunPosition(epoch, step), generator);
            }

            if (stops)
            {
                _run.CancellationToken.ThrowIfCancellationRequested();
            }
        }

        Begin(context, generator, firstStep, plan.Steps);
        TakeSteps(context, firstStep, plan, Pause);
        var scores = Validate(epoch, () => Pause(plan.Steps));
        _position = new RunPosition(epoch + 1, 0);
        _checkpoint?.Save(_state, _position, generator);
        var report = _progress.EndEpoch(scores);
        var drawing = _method.CanSampleAfter(epoch) ? _model : null;
        _log?.Write(report, _optimizer.LearningRate, drawing);
        _table?.Add(report);
        _run.AfterEpoch?.Invoke(report, drawing);
    }

    private void Begin(StepContext context, Generator generator, int firstStep, int steps)
    {
        var (first, count) = _method.LearningRateSpan(context.Epoch, context.Epochs);
        _optimizer.SetLearningRate(RampUp.Cosine(_options.Training.LearningRate, context.Epoch - first, count));
        _method.train();
        _method.BeginEpoch(context.Epoch, generator);
        _progress.BeginEpoch(context.Epoch, steps, firstStep);
        if (firstStep > 0)
        {
            _checkpoint!.Restore(_state, generator);
        }
    }

    private void TakeSteps(StepContext context, int firstStep, EpochPlan plan, Action<int> pause)
    {
        var usesUnlabeled = _method.UsesUnlabeled(context.Epoch);
        using var batches = new BatchQueue(firstStep, plan.Steps, step => Load(plan, context.Epoch, step, usesUnlabeled), _stream);
        for (var step = firstStep; step < plan.Steps; step++)
        {
            pause(step);
            using var scope = NewDisposeScope();
            using var batch = batches.Take();
            var losses = _recorder?.Run(batch, context) ?? _optimization.Run(batch, context);
            _progress.Add(losses, batch);
        }

        _progress.RequireBoundedLoss();
    }

    private TrainingBatch Load(EpochPlan plan, int epoch, int step, bool usesUnlabeled)
    {
        // A generator for each step: batches are made ahead of the state that a checkpoint keeps.
        using var generator = new Generator((ulong)EpochPlan.HashCode(EpochPlan.HashCode(_seed, epoch), step));
        return _loader.Load(plan.Labeled(step), usesUnlabeled ? plan.Unlabeled(step) : [], generator);
    }

    /// <summary>Scores the model, where this epoch is one to be validated, and keeps its weights where they are the best.</summary>
    private ScoreSummary? Validate(int epoch, Action beforeEach)
    {
        _method.eval();
        var scores = _method.CanSampleAfter(epoch) && ((epoch + 1) % _options.Training.ValidationEvery == 0 || epoch + 1 == _options.Epochs)
            ? _validation?.Score(_model, beforeEach)
            : null;
        if (scores is not null)
        {
            _best.Consider(_method, scores[Figure.Ged].Mean, epoch + 1);
        }

        return scores;
    }
}
