using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Methods;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Training;

/// <summary>
/// Networks that follow others which learn: their weights are a moving average of the learning ones after each step (Tarvainen and Valpola, <i>Mean
/// teachers</i>, NIPS 2017), and so are the running statistics of normalization, which lag by about as much. Until the average reaches as far back as its decay
/// says, it is the mean over all steps so far.
/// </summary>
internal sealed class AveragedWeights
{
    private const string Weights = "average.weights.";
    private const string Steps = "average.steps";

    private static readonly TensorScript Script = new(
        """
        def approach(averages: List[Tensor], values: List[Tensor], share: Tensor):
            torch._foreach_lerp_(averages, values, float(share))

        """);

    private readonly SegmentationMethod _learning;
    private readonly SegmentationMethod _average;
    private readonly double _decay;
    private readonly Tensor[] _averages;
    private readonly Tensor[] _values;
    private long _steps;

    /// <summary>Begins with the learning networks' weights.</summary>
    /// <param name="learning">The networks that learn.</param>
    /// <param name="average">Networks of the same kind, which follow them and never learn.</param>
    /// <param name="decay">What is left of the average in each step, from 0 and below 1.</param>
    public AveragedWeights(SegmentationMethod learning, SegmentationMethod average, double decay)
    {
        (_learning, _average, _decay) = (learning, average, decay);
        BeginAnew();
        foreach (var parameter in average.parameters())
        {
            parameter.requires_grad = false;
        }

        average.eval();
        var own = average.state_dict();
        var pairs = learning.state_dict().Where(named => named.Value.is_floating_point()).Select(named => (Average: own[named.Key], named.Value)).ToArray();
        (_averages, _values) = ([.. pairs.Select(pair => pair.Average)], [.. pairs.Select(pair => pair.Value)]);
    }

    /// <summary>Takes the learning weights as they are, after they were replaced, and forgets what was before: the next step begins another average.</summary>
    public void BeginAnew()
    {
        StoredWeights.CopyTo(_average, _learning.state_dict());
        _steps = 0;
    }

    /// <summary>Takes in the weights after a step.</summary>
    public void Follow()
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        Script.Call("approach", [_averages, _values], tensor(Math.Max(1 - _decay, 1.0 / ++_steps)));
    }

    /// <summary>Adds what a checkpoint keeps of this; new tensors belong to the caller's dispose scope.</summary>
    public void Capture(Dictionary<string, Tensor> state)
    {
        state[Steps] = tensor(_steps);
        foreach (var (name, weight) in _average.state_dict())
        {
            state[Weights + name] = weight;
        }
    }

    /// <summary>Takes over what <see cref="Capture"/> added.</summary>
    public void Restore(IReadOnlyDictionary<string, Tensor> state)
    {
        _steps = state[Steps].item<long>();
        StoredWeights.CopyTo(
            _average,
            state.Where(named => named.Key.StartsWith(Weights, StringComparison.Ordinal))
                .ToDictionary(named => named.Key[Weights.Length..], named => named.Value));
    }
}
