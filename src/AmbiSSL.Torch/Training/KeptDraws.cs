using AmbiSSL.Torch.Foundation;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Training;

/// <summary>The random tensors of a step that is recorded: each keeps its place in memory, and new numbers come there before the step is replayed.</summary>
/// <param name="source">Draws them.</param>
internal sealed class KeptDraws(IRandomTensors source) : IRandomTensors, IDisposable
{
    private readonly List<(Func<Generator, Tensor> Draw, Tensor Place)> _kept = [];
    private int _given;

    /// <inheritdoc/>
    public Tensor Draw(Func<Generator, Tensor> draw)
    {
        if (_given == _kept.Count)
        {
            _kept.Add((draw, source.Draw(draw).DetachFromDisposeScope()));
        }

        return _kept[_given++].Place;
    }

    /// <summary>Gives the same tensors again, from the first on.</summary>
    public void Rewind() => _given = 0;

    /// <summary>Draws new numbers into all tensors, in the order in which they were asked for.</summary>
    public void Renew()
    {
        using var scope = NewDisposeScope();
        foreach (var (draw, place) in _kept)
        {
            place.copy_(source.Draw(draw));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (_, place) in _kept)
        {
            place.Dispose();
        }
    }
}
