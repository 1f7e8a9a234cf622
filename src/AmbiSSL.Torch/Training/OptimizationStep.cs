using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Methods;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Training;

/// <summary>One step of the optimization.</summary>
/// <param name="method">On the training device; it stays the caller's.</param>
/// <param name="optimizer">Of the method's parameters.</param>
internal sealed class OptimizationStep(SegmentationMethod method, AdamOptimizer optimizer)
{
    /// <summary>Computes the loss of a batch and its gradients and moves the weights; the loss belongs to the caller's dispose scope.</summary>
    public StepLosses Run(TrainingBatch batch, StepContext context)
    {
        optimizer.ForgetGradients();
        Tensor? total = null;
        var terms = new List<(string Name, Tensor Value)>();
        using var parts = method.Step(batch, context).GetEnumerator();
        while (Propagate(parts) is { } part)
        {
            total = total?.Plus(part.Total) ?? part.Total;
            terms.AddRange(part.Terms);
        }

        optimizer.Step();
        return new StepLosses(total!, terms);
    }

    /// <summary>Computes the next part of the loss and its gradients; what these needed is freed. Returns its values, or null after the last part.</summary>
    private static StepLosses? Propagate(IEnumerator<LossPart> parts)
    {
        using var scope = NewDisposeScope();
        if (!parts.MoveNext())
        {
            return null;
        }

        var part = parts.Current;
        part.Total.backward();
        return new StepLosses(
            part.Total.detach().MoveToOuterDisposeScope(),
            [.. part.Terms.Select(term => (term.Name, term.Value.detach().MoveToOuterDisposeScope()))]);
    }
}
