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

    /// <summary>The terms with their weighted sum.</summary>
    public LossPart Sum(Tensor total) => new(total, _terms);
}
