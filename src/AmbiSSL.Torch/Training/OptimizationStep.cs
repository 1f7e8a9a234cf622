using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Methods;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Training;

/// <summary>One step of the optimization, and the optimizer that it moves the weights of a method with.</summary>
internal sealed class OptimizationStep : IDisposable
{
    private readonly SegmentationMethod _method;
    private readonly double[] _factors;

    /// <summary>Makes an optimizer of all parameters, in the caller's dispose scope.</summary>
    /// <param name="method">On the training device; it stays the caller's.</param>
    /// <param name="learningRate">The learning rate, before the factors of the method's groups.</param>
    public OptimizationStep(SegmentationMethod method, double learningRate)
    {
        _method = method;
        var groups = method.ParameterGroups().ToArray();
        _factors = [.. groups.Select(group => group.LearningRateFactor)];
        Optimizer = new AdamOptimizer(groups.Select(group => new Adam.ParamGroup(group.Parameters, group.LearningRateFactor * learningRate)));
    }

    /// <summary>Moves the weights by their gradients.</summary>
    public Adam Optimizer { get; }

    /// <summary>The learning rate of the first group of parameters.</summary>
    public double LearningRate => Optimizer.ParamGroups.First().LearningRate;

    /// <summary>Sets the learning rate, times the factor of each group.</summary>
    public void SetLearningRate(double rate)
    {
        foreach (var (group, factor) in Optimizer.ParamGroups.Zip(_factors))
        {
            group.LearningRate = factor * rate;
        }
    }

    /// <summary>Computes the loss of a batch and its gradients and moves the weights; the loss belongs to the caller's dispose scope.</summary>
    public StepLosses Run(TrainingBatch batch, StepContext context)
    {
        Optimizer.zero_grad();
        Tensor? total = null;
        var terms = new List<(string Name, Tensor Value)>();
        using var parts = _method.Step(batch, context).GetEnumerator();
        while (Propagate(parts) is { } part)
        {
            total = total?.Plus(part.Total) ?? part.Total;
            terms.AddRange(part.Terms);
        }

        Optimizer.step();
        return new StepLosses(total!, terms);
    }

    /// <inheritdoc/>
    public void Dispose() => Optimizer.Dispose();

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
