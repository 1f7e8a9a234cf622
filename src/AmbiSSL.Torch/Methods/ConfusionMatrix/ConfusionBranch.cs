using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Networks;
using AmbiSSL.Torch.Onnx;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Methods;

/// <summary>The branch of one annotator: two 3x3 convolutions and a 1x1 convolution from features to the logits of each pixel's matrices.</summary>
internal sealed class ConfusionBranch : nn.Module<Tensor, Tensor>
{
    private readonly ConfusionMatrices _matrices;
    private readonly ConvolutionBlock _block;
    private readonly ImageConvolution _last;

    public ConfusionBranch(int featureChannels, ConfusionMatrices matrices)
        : base(NativeModule.Create("branch"), 0)
    {
        _matrices = matrices;
        _block = new ConvolutionBlock("block", featureChannels, featureChannels, convolutions: 2, pools: false, normalizes: false);
        _last = new ImageConvolution(featureChannels, matrices.Groups * matrices.Size * matrices.Size, 1);
        register_module("block", _block);
        register_module("last_layer", _last);
        StartNearIdentity();
    }

    /// <summary>Features [B, F, H, W] to logits [B, G, truth, said, H, W].</summary>
    public override Tensor forward(Tensor features)
    {
        using var scope = NewDisposeScope();
        var logits = _last.call(_block.call(features)).to(_last.Weight.dtype);
        return logits.unflatten(1, _matrices.Groups, _matrices.Size, _matrices.Size).MoveToOuterDisposeScope();
    }

    /// <summary>Writes the branch to a graph: logits [B, G * truth * said, H, W].</summary>
    public OnnxValue Export(OnnxGraph graph, OnnxValue features) => _last.Export(graph, _block.Export(graph, features));

    /// <summary>Nothing: all is registered under the names that weight files have, and fields would be second names of the same.</summary>
    protected override void RegisterComponents()
    {
    }

    /// <summary>Lets the bias decide at first: whatever the features, annotators start almost reliable.</summary>
    private void StartNearIdentity()
    {
        using var gradients = no_grad();
        _last.Bias!.copy_(_matrices.Start().flatten().repeat(_matrices.Groups));
        _last.Weight.copy_(_last.Weight.Times(0.1));
    }
}
