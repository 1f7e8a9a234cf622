using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Onnx;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Methods;

/// <summary>
/// A normal distribution q(z | r) of latent codes for each annotator, N(m, L Lᵀ) with a lower triangular factor L whose diagonal is
/// positive: its logarithm is what is learned. Results belong to the caller's dispose scope.
/// </summary>
internal sealed class AnnotatorLatents : nn.Module
{
    private const string MeansName = "means";
    private const string FactorsName = "factors";

    private readonly double _priorDeviation;

    /// <param name="annotators">Number of annotators A.</param>
    /// <param name="dimensions">Latent dimensions D.</param>
    /// <param name="priorDeviation">Standard deviation σ of the prior N(0, σ² I), and of every distribution at the start.</param>
    /// <param name="meanDeviation">Standard deviation from which the means are drawn.</param>
    public AnnotatorLatents(int annotators, int dimensions, double priorDeviation, double meanDeviation)
        : base("latents")
    {
        _priorDeviation = priorDeviation;
        register_parameter(MeansName, OwnParameter.Create(randn(annotators, dimensions).Times(meanDeviation)));
        register_parameter(FactorsName, OwnParameter.Create(eye(dimensions).Times(Math.Log(priorDeviation)).repeat(annotators, 1, 1)));
    }

    /// <summary>Means m, [A, D].</summary>
    public Tensor Means => get_parameter(MeansName)!;

    /// <summary>Factors L, [A, D, D].</summary>
    public Tensor Factors()
    {
        using var scope = NewDisposeScope();
        var raw = RawFactors;
        return raw.tril(-1).Plus(raw.diagonal(0, 1, 2).exp().diag_embed()).MoveToOuterDisposeScope();
    }

    /// <summary>Codes m + L ε [N, V, D] of annotators [N] for standard normal noise ε [N, V, D].</summary>
    public Tensor Codes(Tensor annotators, Tensor noise)
    {
        using var scope = NewDisposeScope();
        var factors = Factors().index_select(0, annotators);
        return Means.index_select(0, annotators).unsqueeze(1).Plus(noise.bmm(factors.transpose(1, 2))).MoveToOuterDisposeScope();
    }

    /// <summary>Writes codes [B, N, D] of annotators [N] for standard normal noise [B, N, D] to a graph.</summary>
    public OnnxValue ExportCodes(OnnxGraph graph, OnnxValue annotators, OnnxValue noise)
    {
        var factors = graph.Pick(graph.Constant(Factors()), annotators, axis: 0);
        var spread = graph.Squeeze(graph.MatrixMultiply(factors, graph.Unsqueeze(noise, 3)), 3);
        return graph.Add(graph.Pick(graph.Constant(Means), annotators, axis: 0), spread);
    }

    /// <summary>Writes codes [B, A, V, D] of all annotators for standard normal noise [B, V, D] to a graph.</summary>
    public OnnxValue ExportEveryonesCodes(OnnxGraph graph, OnnxValue noise)
    {
        var spread = graph.MatrixMultiply(graph.Unsqueeze(noise, 1), graph.Constant(Factors().transpose(1, 2)));
        return graph.Add(graph.Constant(Means.unsqueeze(1)), spread);
    }

    /// <summary>
    /// Divergence KL(q(z | r) ‖ N(0, σ² I)) of each annotator, [A]: half of (‖L‖² + ‖m‖²) / σ² - D + 2 D log σ - log det L Lᵀ.
    /// </summary>
    public Tensor Divergences()
    {
        using var scope = NewDisposeScope();
        var squares = Factors().Squared().sum([1, 2]).Plus(Means.Squared().sum(1));
        var logDeterminants = RawFactors.diagonal(0, 1, 2).sum(1).Times(2);
        var dimensions = Means.shape[1];
        var constant = dimensions * ((2 * Math.Log(_priorDeviation)) - 1);
        return (squares.Over(_priorDeviation * _priorDeviation).Plus(constant) - logDeterminants).Over(2).MoveToOuterDisposeScope();
    }

    private Tensor RawFactors => get_parameter(FactorsName)!;
}
