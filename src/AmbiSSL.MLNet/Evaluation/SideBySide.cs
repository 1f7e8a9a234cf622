using System.Runtime.ExceptionServices;

namespace AmbiSSL.MLNet.Evaluation;

/// <summary>Work in several pieces, some of them at a time, each on a thread of its own.</summary>
/// <param name="most">Most pieces at a time; where it is one they are done on the calling thread.</param>
/// <param name="cancellation">Ends the work.</param>
internal sealed class SideBySide(int most, CancellationToken cancellation)
{
    private ExceptionDispatchInfo? _first;

    /// <summary>Does the pieces, begun in the order in which they are given.</summary>
    /// <param name="pieces">The pieces.</param>
    /// <param name="work">Does a piece; the token asks it to stop when another has failed, or when all is to end.</param>
    /// <param name="discard">Frees what a piece gave, where another fails.</param>
    /// <returns>What the pieces gave, in their order.</returns>
    /// <exception cref="Exception">What was thrown first; by then no piece is under way any more.</exception>
    public IReadOnlyList<TResult> Run<TPiece, TResult>(
        IReadOnlyList<TPiece> pieces, Func<TPiece, CancellationToken, TResult> work, Action<TResult> discard)
        where TResult : class
    {
        var results = new TResult?[pieces.Count];
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var next = -1;
        void Work()
        {
            while (_first is null && Interlocked.Increment(ref next) is var piece && piece < pieces.Count)
            {
                try
                {
                    results[piece] = work(pieces[piece], stop.Token);
                }
                catch (Exception exception)
                {
                    // What the others throw when they are stopped comes later.
                    Interlocked.CompareExchange(ref _first, ExceptionDispatchInfo.Capture(exception), null);
                    stop.Cancel();
                }
            }
        }

        OnThreads(Math.Min(most, pieces.Count), Work);
        if (_first is not null)
        {
            Array.ForEach([.. results.OfType<TResult>()], discard);
            Throw(_first);
        }

        return results!;
    }

    private static void OnThreads(int count, Action work)
    {
        if (count == 1)
        {
            work();
            return;
        }

        Thread[] threads = [.. Enumerable.Range(0, count).Select(_ => new Thread(() => work()) { IsBackground = true, Name = nameof(SideBySide) })];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
    }

    /// <summary>Throws the error; where the caller's token asked for the end, with that token.</summary>
    private void Throw(ExceptionDispatchInfo error)
    {
        if (error.SourceException is OperationCanceledException canceled && cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(canceled.Message, canceled, cancellation);
        }

        error.Throw();
    }
}
