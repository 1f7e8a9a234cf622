using System.Runtime.InteropServices;

namespace AmbiSSL.Cli;

/// <summary>Ctrl-C, or a request to end: the first one asks the command to end where it can, a second one ends the process at once.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _signals;

    /// <summary>Begins to listen.</summary>
    public Interruption() =>
        _signals = [PosixSignalRegistration.Create(PosixSignal.SIGINT, Answer), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Answer)];

    /// <summary>Says to the command that it is to end.</summary>
    public CancellationToken Token => _source.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        Array.ForEach(_signals, signal => signal.Dispose());
        _source.Dispose();
    }

    private void Answer(PosixSignalContext signal)
    {
        signal.Cancel = !_source.IsCancellationRequested;
        _source.Cancel();
    }
}
