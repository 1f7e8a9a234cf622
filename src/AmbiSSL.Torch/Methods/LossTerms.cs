using static TorchSharp.torch;

namespace AmbiSSL.Torch.Methods;

/// <summary>Collects the terms of a loss by name while it is summed.</summary>
internal sealed class LossTerms
{
    private readonly List<(string Name, Tensor Value)> _terms = [];

    /// <summary>Remembers a term and returns it.</summary>
    public Tensor Add(string name, Tensor value)
    {
        _terms.Add((name, value));
        return value;
    }

    /// <summary>
    /// Computes a part of the loss with its terms and propagates it, so that nothing of what its backward pass needs stays in memory. Returns
    /// its value, without gradient.
    /// </summary>
    public Tensor AddPropagated(Func<LossTerms, Tensor> part)
    {
        using var scope = NewDisposeScope();
        var terms = new LossTerms();
        var total = part(terms);
        total.backward();
        _terms.AddRange(terms._terms.Select(term => (term.Name, term.Value.detach().MoveToOuterDisposeScope())));
        return total.detach().MoveToOuterDisposeScope();
    }

    /// <summary>The terms with their weighted sum.</summary>
    public StepLosses Sum(Tensor total) => new(total, _terms);
}
