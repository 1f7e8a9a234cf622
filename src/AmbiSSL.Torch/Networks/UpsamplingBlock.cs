using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Onnx;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Networks;

/// <summary>Nearest doubling, concatenation of the skip, then twice a 3x3 convolution without bias, batch normalization, ReLU.</summary>
internal sealed class UpsamplingBlock : nn.Module<Tensor, Tensor?, Tensor>
{
    private static readonly double[] Doubled = [2, 2];

    private readonly (ImageConvolution Convolution, ImageNormalization Normalization)[] _layers;

    public UpsamplingBlock(int inputChannels, int skipChannels, int outputChannels, bool ofEachImage = false)
        : base(NativeModule.Create("UpsamplingBlock"), 0)
    {
        _layers = [Layer("conv1", inputChannels + skipChannels, outputChannels, ofEachImage), Layer("conv2", outputChannels, outputChannels, ofEachImage)];
        foreach (var (convolution, _) in _layers)
        {
            nn.init.kaiming_uniform_(convolution.Weight, mode: nn.init.FanInOut.FanIn, nonlinearity: nn.init.NonlinearityType.ReLU);
        }
    }

    public override Tensor forward(Tensor input, Tensor? skip)
    {
        using var scope = NewDisposeScope();
        var x = nn.functional.interpolate(input, scale_factor: Doubled, mode: InterpolationMode.Nearest);
        if (skip is not null)
        {
            x = cat([x, skip], 1);
        }

        foreach (var (convolution, normalization) in _layers)
        {
            x = normalization.call(convolution.call(x)).relu_();
        }

        return x.MoveToOuterDisposeScope();
    }

    /// <summary>Writes the block to a graph.</summary>
    public OnnxValue Export(OnnxGraph graph, OnnxValue input, OnnxValue? skip)
    {
        var x = graph.Enlarge(input, interpolates: false);
        x = skip is { } finer ? graph.Concatenate(1, x, finer) : x;
        return _layers.Aggregate(x, (value, layer) => graph.Relu(layer.Convolution.Export(graph, value, layer.Normalization)));
    }

    private (ImageConvolution Convolution, ImageNormalization Normalization) Layer(
        string name, int inputChannels, int outputChannels, bool ofEachImage)
    {
        var convolution = new ImageConvolution(inputChannels, outputChannels, 3, bias: false);
        var normalization = new ImageNormalization(outputChannels, ofEachImage);
        register_module(name, ModuleGroup.Numbered(convolution, normalization));
        return (convolution, normalization);
    }
}
