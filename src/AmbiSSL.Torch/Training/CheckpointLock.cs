using System.Globalization;
using System.Text;
using AmbiSSL.Torch.Foundation;

namespace AmbiSSL.Torch.Training;

/// <summary>
/// Keeps the folder of a run to one process. The file <c>checkpoint.lock</c> says which one, and is written anew every few seconds as long as it lives, so that
/// another, on any machine that shares the folder, tells what a dead process left from what is held: on the same machine at once, on another one after a minute
/// without a sign of life.
/// </summary>
internal sealed class CheckpointLock : IDisposable
{
    /// <summary>Name of the file in <see cref="RunOptions.CheckpointDirectory"/>.</summary>
    public const string FileName = "checkpoint.lock";

    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    private readonly object _writing = new();
    private readonly string _path;
    private readonly string _id = Guid.NewGuid().ToString("N");
    private readonly Timer _timer;
    private int _beats;
    private bool _isReleased;

    private CheckpointLock(string path)
    {
        _path = path;
        using (var stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read))
        {
            stream.Write(Content());
        }

        _timer = new Timer(_ => ShowLife(), null, Beat, Beat);
    }

    /// <summary>Takes the lock of a folder.</summary>
    /// <param name="folder">The folder, which is there.</param>
    /// <param name="cancellation">Ends the wait for a sign of life of the process that has it.</param>
    /// <param name="patience">How long a lock of another machine must show no sign of life; null for a minute.</param>
    /// <exception cref="InvalidOperationException">Another process that lives has it.</exception>
    public static CheckpointLock Take(string folder, CancellationToken cancellation, TimeSpan? patience = null)
    {
        var path = Path.Combine(folder, FileName);
        for (; ; )
        {
            try
            {
                return new CheckpointLock(path);
            }
            catch (IOException) when (File.Exists(path))
            {
                if (Read(path) is { } found)
                {
                    RequireDead(path, found, patience ?? Patience, cancellation);
                    File.Delete(path);
                }
            }
        }
    }

    /// <summary>Checks, before something is written, that the folder is still this run's.</summary>
    /// <exception cref="IOException">Another process took it over.</exception>
    public void Require()
    {
        var found = Read(_path);
        if (found?.Id != _id)
        {
            throw new IOException(
                $"'{Path.GetDirectoryName(_path)}' was taken over by {found?.ToString() ?? "nobody"}: this run showed no sign of life there for a minute, or "
                + $"{FileName} was deleted. It ends, so that two do not write the same state.");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_writing)
        {
            _isReleased = true;
            _timer.Dispose();
            if (Read(_path)?.Id == _id)
            {
                File.Delete(_path);
            }
        }
    }

    private static void RequireDead(string path, Holder found, TimeSpan patience, CancellationToken cancellation)
    {
        if (found.Machine == Environment.MachineName)
        {
            if (TemporaryName.IsRunning(found.Process, File.GetLastWriteTimeUtc(path)))
            {
                throw InUse(path, found);
            }

            return;
        }

        // Clocks of machines differ, so that only a change tells of life.
        for (var waited = TimeSpan.Zero; waited < patience; waited += Look)
        {
            cancellation.WaitHandle.WaitOne(Look);
            cancellation.ThrowIfCancellationRequested();
            if (Read(path) is { } now && now != found)
            {
                throw InUse(path, now);
            }
        }
    }

    private static InvalidOperationException InUse(string path, Holder holder) => new(
        $"'{Path.GetDirectoryName(path)}' is in use by {holder}: two runs would write over each other's state. Wait until it has ended, or give this run a "
        + $"{nameof(RunOptions.CheckpointDirectory)} of its own.");

    /// <summary>Who has a lock; null where there is none any more.</summary>
    private static Holder? Read(string path)
    {
        try
        {
            var lines = File.ReadAllLines(path);
            return lines.Length == 4 && int.TryParse(lines[1], NumberStyles.None, CultureInfo.InvariantCulture, out var process)
                ? new Holder(lines[0], process, lines[2], lines[3])
                : new Holder("", 0, "", "");
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private void ShowLife()
    {
        lock (_writing)
        {
            try
            {
                if (!_isReleased && Read(_path)?.Id == _id)
                {
                    _beats++;
                    AtomicFile.Write(_path, stream => stream.Write(Content()));
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // The next beat tries again; before it writes its state, the run looks whether the lock is still its own.
            }
        }
    }

    private byte[] Content() => Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture, $"{Environment.MachineName}\n{Environment.ProcessId}\n{_id}\n{_beats}\n"));

    private sealed record Holder(string Machine, int Process, string Id, string Beats)
    {
        public override string ToString() => Machine.Length == 0 ? "a process that is about to begin" : string.Create(
            CultureInfo.InvariantCulture, $"process {Process} on {Machine}");
    }
}
