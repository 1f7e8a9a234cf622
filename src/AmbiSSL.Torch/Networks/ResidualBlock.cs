using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Onnx;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Networks;

/// <summary>The basic block of a residual network: two 3x3 convolutions with batch normalization, and a shortcut.</summary>
internal sealed class ResidualBlock : nn.Module<Tensor, Tensor>
{
    private readonly ImageConvolution _convolution1;
    private readonly ImageNormalization _normalization1;
    private readonly ImageConvolution _convolution2;
    private readonly ImageNormalization _normalization2;
    private readonly (ImageConvolution Convolution, ImageNormalization Normalization)? _downsample;

    public ResidualBlock(int inputChannels, int outputChannels, int stride, bool ofEachImage)
        : base(NativeModule.Create("ResidualBlock"), 0)
    {
        _convolution1 = new ImageConvolution(inputChannels, outputChannels, 3, stride, bias: false);
        _normalization1 = new ImageNormalization(outputChannels, ofEachImage);
        _convolution2 = new ImageConvolution(outputChannels, outputChannels, 3, bias: false);
        _normalization2 = new ImageNormalization(outputChannels, ofEachImage);
        register_module("conv1", _convolution1);
        register_module("bn1", _normalization1);
        register_module("conv2", _convolution2);
        register_module("bn2", _normalization2);
        if (stride != 1 || inputChannels != outputChannels)
        {
            var convolution = new ImageConvolution(inputChannels, outputChannels, 1, stride, bias: false);
            var normalization = new ImageNormalization(outputChannels, ofEachImage);
            _downsample = (convolution, normalization);
            register_module("downsample", ModuleGroup.Numbered(convolution, normalization));
        }
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = _normalization1.call(_convolution1.call(input)).relu_();
        x = _normalization2.call(_convolution2.call(x));
        var shortcut = _downsample is { } down ? down.Normalization.call(down.Convolution.call(input)) : input;
        return x.add_(shortcut, TensorArithmetic.One).relu_().MoveToOuterDisposeScope();
    }

    /// <summary>Writes the block to a graph.</summary>
    public OnnxValue Export(OnnxGraph graph, OnnxValue input)
    {
        var x = graph.Relu(_convolution1.Export(graph, input, _normalization1));
        x = _convolution2.Export(graph, x, _normalization2);
        var shortcut = _downsample is { } down ? down.Convolution.Export(graph, input, down.Normalization) : input;
        return graph.Relu(graph.Add(x, shortcut, graph.RangeOf(this)));
    }

    /// <summary>
    /// Nothing: all is registered under the names that weight files have, and fields would be second names of the same (dotnet/TorchSharp
    /// issue 1272: a module that is registered registers its fields).
    /// </summary>
    protected override void RegisterComponents()
    {
    }
}
