namespace AmbiSSL.Torch.Foundation;

/// <summary>
/// Lets several threads use something that any of them may dispose: it is freed when it was disposed and the last use has ended. Uses that have
/// begun go on; none begins any more.
/// </summary>
/// <param name="free">Frees it; called once.</param>
internal sealed class DisposalGate(Action free)
{
    // One for the owner, until it disposes, and one for each use.
    private int _references = 1;
    private int _isDisposed;

    /// <summary>Begins a use, which ends when what is returned is disposed.</summary>
    /// <param name="owner">Whom the error names.</param>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    public Use Enter(object owner)
    {
        int references;
        do
        {
            references = Volatile.Read(ref _references);
            ObjectDisposedException.ThrowIf(references == 0 || Volatile.Read(ref _isDisposed) != 0, owner);
        }
        while (Interlocked.CompareExchange(ref _references, references + 1, references) != references);

        return new Use(this);
    }

    /// <summary>Ends the owner's hold, once; it does not wait.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            Leave();
        }
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref _references) == 0)
        {
            free();
        }
    }

    /// <summary>A use that has begun.</summary>
    internal readonly struct Use(DisposalGate gate) : IDisposable
    {
        /// <summary>Ends it.</summary>
        public void Dispose() => gate.Leave();
    }
}
