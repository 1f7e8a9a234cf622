using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Methods;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Training;

/// <summary>All that a run changes from step to step, as named tensors.</summary>
internal sealed class TrainingState(SegmentationMethod method, AdamOptimizer optimizer, BestEpoch best, ProgressReporter progress)
{
    private const string Weights = "weights.";
    private const string GeneratorState = "generator";

    /// <summary>The weights alone, which are all that a finished run has to keep.</summary>
    public static Dictionary<string, Tensor> CaptureWeights(SegmentationMethod method) =>
        method.state_dict().ToDictionary(named => Weights + named.Key, named => named.Value);

    /// <summary>Takes over what <see cref="CaptureWeights"/> gave.</summary>
    public static void RestoreWeights(SegmentationMethod method, IReadOnlyDictionary<string, Tensor> state) =>
        StoredWeights.CopyTo(method, Part(state, Weights));

    /// <summary>The state as it is now; new tensors belong to the caller's dispose scope, the others change as the run goes on.</summary>
    public Dictionary<string, Tensor> Capture(Generator generator)
    {
        var state = CaptureWeights(method);
        optimizer.Capture(state);
        state[GeneratorState] = generator.get_state();
        best.Capture(state);
        progress.Capture(state);
        return state;
    }

    /// <summary>Takes over what <see cref="Capture"/> gave, into a method and an optimizer that are as when they were made.</summary>
    /// <param name="state">On the CPU; it stays the caller's.</param>
    /// <param name="generator">The generator of the epoch where the run continues inside one; null where it continues between two.</param>
    public void Restore(IReadOnlyDictionary<string, Tensor> state, Generator? generator)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        RestoreWeights(method, state);
        optimizer.Restore(state);
        best.Restore(state);
        progress.Restore(state);
        generator?.set_state(state[GeneratorState]);
    }

    private static Dictionary<string, Tensor> Part(IReadOnlyDictionary<string, Tensor> state, string prefix) =>
        state.Where(named => named.Key.StartsWith(prefix, StringComparison.Ordinal))
            .ToDictionary(named => named.Key[prefix.Length..], named => named.Value);
}
