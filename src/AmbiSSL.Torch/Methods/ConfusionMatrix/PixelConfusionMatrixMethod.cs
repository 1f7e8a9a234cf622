using System.Globalization;
using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Networks;
using AmbiSSL.Torch.Onnx;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Methods;

/// <summary>A confusion matrix for each pixel, predicted from the features by a branch for each annotator (Zhang et al., NeurIPS 2020).</summary>
internal sealed class PixelConfusionMatrixMethod : ConfusionMatrixMethod
{
    private readonly ConfusionBranch[] _branches;

    public PixelConfusionMatrixMethod(PixelConfusionMatrixOptions options, ImageShape shape, int annotators, MaskClasses classes)
        : base(options, shape, annotators, classes)
    {
        var group = new ModuleGroup("annotators");
        _branches = new ConfusionBranch[annotators];
        for (var a = 0; a < annotators; a++)
        {
            _branches[a] = new ConfusionBranch(FeatureChannels, Confusion);
            group.Add(a.ToString(CultureInfo.InvariantCulture), _branches[a]);
        }

        register_module("annotators", group);
        ImageConvolution.Prepare(this, options.Precision);
    }

    /// <inheritdoc/>
    protected override Tensor LogMatrices(Tensor features)
    {
        using var scope = NewDisposeScope();
        var logits = stack([.. _branches.Select(branch => branch.call(features))], 2);
        return ConfusionMatrices.Normalize(logits).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    protected override OnnxValue ExportLogits(OnnxGraph graph, OnnxValue features) =>
        graph.Concatenate(1, [.. _branches.Select(branch => branch.Export(graph, features))]);
}
