using AmbiSSL.Torch.Methods;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Training;

/// <summary>Keeps the weights of the epoch with the lowest generalized energy distance on the validation images.</summary>
/// <param name="patience">Validations without improvement that end the training; null for never.</param>
internal sealed class BestEpoch(int? patience) : IDisposable
{
    private const string Record = "best.record";
    private const string Weights = "best.weights.";

    private readonly Dictionary<string, Tensor> _weights = [];
    private double _distance = double.PositiveInfinity;
    private int _validationsSince;

    /// <summary>Epochs after which the weights were taken; 0 before the first validation.</summary>
    public int Epochs { get; private set; }

    /// <summary>Whether the training should end.</summary>
    public bool IsExhausted => _validationsSince >= patience;

    /// <summary>Takes the weights where they are the best so far.</summary>
    /// <param name="method">The networks.</param>
    /// <param name="distance">Generalized energy distance on the validation images.</param>
    /// <param name="epochs">Epochs that they were trained.</param>
    public void Consider(SegmentationMethod method, double distance, int epochs)
    {
        if (distance < _distance)
        {
            (_distance, _validationsSince, Epochs) = (distance, 0, epochs);
            Keep(method.state_dict());
        }
        else
        {
            _validationsSince++;
        }
    }

    /// <summary>Gives the method the best weights.</summary>
    public void RestoreTo(SegmentationMethod method) => method.load_state_dict(_weights);

    /// <summary>Adds what a checkpoint keeps of this; new tensors belong to the caller's dispose scope.</summary>
    public void Capture(Dictionary<string, Tensor> state)
    {
        state[Record] = tensor([_distance, _validationsSince, Epochs]);
        foreach (var (name, weight) in _weights)
        {
            state[Weights + name] = weight;
        }
    }

    /// <summary>Takes over what <see cref="Capture"/> added.</summary>
    public void Restore(IReadOnlyDictionary<string, Tensor> state)
    {
        var record = state[Record].data<double>().ToArray();
        (_distance, _validationsSince, Epochs) = (record[0], (int)record[1], (int)record[2]);
        Keep(state.Where(named => named.Key.StartsWith(Weights, StringComparison.Ordinal))
            .ToDictionary(named => named.Key[Weights.Length..], named => named.Value));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var weight in _weights.Values)
        {
            weight.Dispose();
        }

        _weights.Clear();
    }

    private void Keep(Dictionary<string, Tensor> weights)
    {
        using var scope = NewDisposeScope();
        Dispose();
        foreach (var (name, weight) in weights)
        {
            _weights[name] = weight.detach().to(CPU, copy: true).DetachFromDisposeScope();
        }
    }
}
