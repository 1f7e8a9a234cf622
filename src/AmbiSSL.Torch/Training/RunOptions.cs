using AmbiSSL.Torch.Foundation;

namespace AmbiSSL;

/// <summary>
/// Where and with what a training runs: device, folders, reports, cancellation. Never stored; neither the model nor what a checkpoint belongs to
/// depends on them.
/// </summary>
public sealed record RunOptions
{
    /// <summary>Where tensors are computed.</summary>
    /// <value>The default value is <see cref="ComputeDevice.Auto"/>: the first CUDA device, or else the CPU.</value>
    public ComputeDevice Device { get; init; } = ComputeDevice.Auto;

    /// <summary>
    /// Whether the steps of an epoch on a CUDA device are recorded as a CUDA graph, once for each shape of a batch, and replayed: the same computation without
    /// the host's word for each of its operations. Of no matter on a CPU, where libtorch has none (on Windows), and for all but 16
    /// trainings that a process has on a device at a time.
    /// </summary>
    /// <value>The default value is <see langword="true"/>.</value>
    public bool UseCudaGraphs { get; init; } = true;

    /// <summary>
    /// Folder for the state of the run: one file, written after each epoch, inside long ones, and when the training is canceled. The same
    /// run (options, images and validation images) started again with this folder continues from it, and on a CPU with as many threads
    /// ends with the same bits as if it had not been interrupted. When the training ends, the file keeps the trained model alone, which the
    /// same run started again returns without training. A file of another run is refused: give each run a folder of its own. While it runs,
    /// checkpoint.lock there keeps other processes out, on any machine that shares the folder.
    /// </summary>
    /// <value>The default value is <see langword="null"/>: nothing is written.</value>
    public string? CheckpointDirectory { get; init; }

    /// <summary>Time after which the state is written inside an epoch too. Not negative; zero writes it at every step.</summary>
    /// <value>The default value is 10 minutes.</value>
    public TimeSpan CheckpointInterval { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Folder for TensorBoard: after each epoch the loss terms, the learning rate, the images per second, the validation figures and a
    /// sheet of sampled masks. Give each run a folder of its own; a run that is continued adds to it.
    /// </summary>
    /// <value>The default value is <see langword="null"/>: nothing is written.</value>
    public string? TensorBoardDirectory { get; init; }

    /// <summary>
    /// CSV file with a row for each epoch: the means of the loss terms, the images per second and, where the model was validated, the figures. It is replaced,
    /// or, by a run that continues from a checkpoint, gone on with.
    /// </summary>
    /// <value>
    /// The default value is <see langword="null"/>: <c>epochs.csv</c> in <see cref="CheckpointDirectory"/>, and without one nothing is written.
    /// </value>
    public string? EpochTablePath { get; init; }

    /// <summary>
    /// Bytes up to which an estimator keeps the decoded images in memory, those of the training and those of the validation apart: a byte for
    /// each value of 8-bit images, four for others, and one for eight pixels of a mask. Images that take more are all in a temporary file
    /// (in <c>MLContext.TempFilePath</c>), so that any number of them needs the same memory; it is gone when the training ends, however it
    /// ends. The result is the same. Not negative; zero always uses the file.
    /// </summary>
    /// <value>The default value is 256 MiB, less than the training itself needs.</value>
    public long CacheLimitBytes { get; init; } = ImageCache.DefaultLimitBytes;

    /// <summary>Receives the state of the run every few steps and after each epoch, on the training thread.</summary>
    /// <value>The default value is <see langword="null"/>.</value>
    public IProgress<TrainingProgress>? Progress { get; init; }

    /// <summary>
    /// Called after each epoch, on the training thread, with what is known of the run and the model so far, to score it or to draw with it; null
    /// in place of the model until the part of the method that predicts has begun to learn. Training goes on with the model when the call
    /// returns: do not keep it, do not dispose it.
    /// </summary>
    /// <value>The default value is <see langword="null"/>.</value>
    public Action<TrainingProgress, SegmentationModel?>? AfterEpoch { get; init; }

    /// <summary>Ends the training at the next step: with an <see cref="OperationCanceledException"/>, or as <see cref="KeepsModelOnCancel"/> says.</summary>
    /// <value>The default value is <see cref="CancellationToken.None"/>.</value>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>
    /// Whether a training that is canceled gives the model so far: that of the best validation, or else the weights as they are. A checkpoint is written as
    /// well, from which the same run continues. Where the part of the method that predicts has not begun to learn, there is no model, and the training ends
    /// with the exception.
    /// </summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool KeepsModelOnCancel { get; init; }

    /// <summary>The fold that is held out, for what is reported; null where the training is no part of a cross-validation.</summary>
    internal int? Fold { get; init; }

    /// <summary>Checks every option.</summary>
    /// <exception cref="ArgumentException">An option is out of its range; the message names it, its value and the range.</exception>
    public void Validate()
    {
        OptionRange.Require(IsFolder(CheckpointDirectory), nameof(CheckpointDirectory), CheckpointDirectory, "null or the path of a folder");
        OptionRange.Require(CheckpointInterval >= TimeSpan.Zero, nameof(CheckpointInterval), CheckpointInterval, "a time that is not negative");
        OptionRange.Require(IsFolder(TensorBoardDirectory), nameof(TensorBoardDirectory), TensorBoardDirectory, "null or the path of a folder");
        OptionRange.Require(
            EpochTablePath?.Trim() is not "" && !Directory.Exists(EpochTablePath), nameof(EpochTablePath), EpochTablePath, "null or the path of a file");
        OptionRange.Require(CacheLimitBytes >= 0, nameof(CacheLimitBytes), CacheLimitBytes, "a number of bytes that is not negative");

        static bool IsFolder(string? path) => path?.Trim() is not "" && !File.Exists(path);
    }
}
