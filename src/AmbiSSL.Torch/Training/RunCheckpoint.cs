using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using AmbiSSL.Torch.Methods;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Training;

/// <summary>
/// The file in which a run keeps its state: one that was interrupted continues from it, one that had ended takes its model from it.
/// </summary>
internal sealed class RunCheckpoint : IDisposable
{
    /// <summary>Name of the file in <see cref="RunOptions.CheckpointDirectory"/>.</summary>
    public const string FileName = "checkpoint.safetensors";

    private readonly CheckpointLock _lock;
    private readonly string _path;
    private readonly TimeSpan _interval;
    private readonly RunIdentity _identity;
    private readonly Stopwatch _sinceSave = Stopwatch.StartNew();
    private Dictionary<string, Tensor> _found = [];

    private RunCheckpoint(CheckpointLock folder, string path, TimeSpan interval, int seed, RunIdentity identity)
    {
        _lock = folder;
        _path = path;
        _interval = interval;
        _identity = identity;
        Seed = seed;
    }

    /// <summary>Seed of the run: that of the options, or else that of the file, or else a random one.</summary>
    public int Seed { get; }

    /// <summary>Where the run stands in the file that was found; the beginning where there was none.</summary>
    public RunPosition Start { get; private set; }

    /// <summary>Whether the file holds the model of a run that has ended, trained for <see cref="Start"/> epochs.</summary>
    public bool IsFinished { get; private set; }

    /// <summary>Whether it is time to write the state inside an epoch.</summary>
    public bool IsDue => _sinceSave.Elapsed >= _interval;

    /// <summary>Reads the file of a run, where there is one, and keeps the folder to it; null where the run keeps none.</summary>
    /// <exception cref="InvalidDataException">The file cannot be read.</exception>
    /// <exception cref="InvalidOperationException">It is of another run, or another process writes there.</exception>
    public static RunCheckpoint? Open(SegmentationOptions options, RunOptions run, ImageCache images, ImageCache? validation, SegmentationModel? from)
    {
        if (run.CheckpointDirectory is not { } folder)
        {
            return null;
        }

        Directory.CreateDirectory(folder);
        var held = CheckpointLock.Take(folder, run.CancellationToken);
        try
        {
            foreach (var leftOver in Directory.EnumerateFiles(folder, "checkpoint.*.tmp"))
            {
                File.Delete(leftOver);
            }

            return Read(held, Path.Combine(folder, FileName), options, run, images, validation, from);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    private static RunCheckpoint Read(
        CheckpointLock held, string path, SegmentationOptions options, RunOptions run, ImageCache images, ImageCache? validation, SegmentationModel? from)
    {
        if (!File.Exists(path))
        {
            var seeded = options with { Seed = options.Seed ?? Random.Shared.Next() };
            return new RunCheckpoint(held, path, run.CheckpointInterval, seeded.Seed!.Value, RunIdentity.Of(seeded, images, validation, from));
        }

        using var scope = NewDisposeScope();
        try
        {
            var (tensors, texts) = CheckpointFile.Read(path);
            var found = new RunIdentity(texts["options"], Fingerprint(texts["images"])!, Fingerprint(texts["validation"]), texts["from"]);
            var seed = found.Seed();
            var seeded = options with { Seed = options.Seed ?? seed };
            var identity = RunIdentity.Of(seeded, images, validation, from);
            return identity.DifferenceFrom(found) is { } difference
                ? throw new InvalidOperationException(
                    $"{path} is the checkpoint of another run: {difference}. Give this run a CheckpointDirectory of its own, or change that "
                    + "back to continue the other run, or delete the file to begin again.")
                : new RunCheckpoint(held, path, run.CheckpointInterval, seeded.Seed!.Value, identity)
                {
                    Start = new RunPosition(Number(texts["epoch"]), Number(texts["step"])),
                    IsFinished = bool.Parse(texts["finished"]),
                    _found = tensors.ToDictionary(named => named.Key, named => named.Value.DetachFromDisposeScope()),
                };
        }
        catch (Exception e) when (e is InvalidDataException or KeyNotFoundException or FormatException or JsonException or NotSupportedException)
        {
            throw Unusable(path, e);
        }
    }

    /// <summary>Continues a run that was interrupted; without a file, nothing happens.</summary>
    /// <param name="state">Of a method and an optimizer as they were made.</param>
    /// <param name="generator">The generator of the epoch where the run continues inside one; null where it continues between two.</param>
    public void Restore(TrainingState state, Generator? generator = null)
    {
        if (_found.Count > 0)
        {
            Restore(found => state.Restore(found, generator));
        }
    }

    /// <summary>Takes the weights of a run that has ended.</summary>
    public void Restore(SegmentationMethod method) => Restore(found => TrainingState.RestoreWeights(method, found));

    /// <summary>Writes the state of the run.</summary>
    public void Save(TrainingState state, RunPosition position, Generator generator)
    {
        using var scope = NewDisposeScope();
        Write(state.Capture(generator), position, isFinished: false);
        _sinceSave.Restart();
    }

    /// <summary>Writes the model of the run, which has ended.</summary>
    public void Finish(SegmentationMethod method, int trainedEpochs) =>
        Write(TrainingState.CaptureWeights(method), new RunPosition(trainedEpochs, 0), isFinished: true);

    /// <inheritdoc/>
    public void Dispose()
    {
        _lock.Dispose();
        Forget();
    }

    private void Forget()
    {
        foreach (var tensor in _found.Values)
        {
            tensor.Dispose();
        }

        _found = [];
    }

    private static int Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? number
        : throw new FormatException($"Its place is '{text}', which is no number of 32 bits.");

    private static DataFingerprint? Fingerprint(string json) => JsonSerializer.Deserialize(json, FingerprintJson.Default.DataFingerprint);

    private static InvalidDataException Unusable(string path, Exception cause) => new(
        $"The run cannot continue from {path}; delete the file to begin again. {cause.Message}", cause);

    private void Restore(Action<IReadOnlyDictionary<string, Tensor>> restore)
    {
        try
        {
            restore(_found);
            Forget();
        }
        catch (Exception e) when (e is InvalidDataException or KeyNotFoundException or InvalidOperationException or ExternalException)
        {
            // The content is what was written, so another version of this package wrote it.
            throw Unusable(_path, e);
        }
    }

    private void Write(Dictionary<string, Tensor> tensors, RunPosition position, bool isFinished)
    {
        _lock.Require();
        CheckpointFile.Write(_path, tensors, new Dictionary<string, string>
        {
            ["options"] = _identity.Options,
            ["images"] = JsonSerializer.Serialize(_identity.Images, FingerprintJson.Default.DataFingerprint),
            ["validation"] = _identity.Validation is null ? "null" : JsonSerializer.Serialize(_identity.Validation, FingerprintJson.Default.DataFingerprint),
            ["from"] = _identity.From,
            ["epoch"] = position.Epoch.ToString(CultureInfo.InvariantCulture),
            ["step"] = position.Step.ToString(CultureInfo.InvariantCulture),
            ["finished"] = isFinished.ToString(),
        });
    }
}
