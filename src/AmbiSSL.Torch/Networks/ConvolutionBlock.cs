using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Onnx;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Networks;

/// <summary>
/// [2x2 average pooling, ceil mode,] then n times a 3x3 convolution, [normalization,] ReLU.
/// Parameters are named by position, pooling and ReLU counted, as in a sequential module.
/// </summary>
internal sealed class ConvolutionBlock : nn.Module<Tensor, Tensor>
{
    private readonly bool _pools;
    private readonly List<(ImageConvolution Convolution, ImageNormalization? Normalization)> _layers = [];

    public ConvolutionBlock(
        string name,
        int inputChannels,
        int outputChannels,
        int convolutions,
        bool pools,
        bool normalizes,
        bool ofEachImage = false)
        : base(NativeModule.Create(name), 0)
    {
        _pools = pools;
        PositionCount = pools ? 1 : 0;
        for (var i = 0; i < convolutions; i++)
        {
            var convolution = new ImageConvolution(i == 0 ? inputChannels : outputChannels, outputChannels, 3, bias: !normalizes);
            register_module($"{PositionCount++}", convolution);
            var normalization = normalizes ? new ImageNormalization(outputChannels, ofEachImage) : null;
            if (normalization is not null)
            {
                register_module($"{PositionCount++}", normalization);
            }

            PositionCount++;
            _layers.Add((convolution, normalization));
        }
    }

    /// <summary>Number of positions that the block takes in a sequence.</summary>
    public int PositionCount { get; }

    /// <summary>The layers by position in the block.</summary>
    public IEnumerable<(string Name, nn.Module Layer)> Layers => named_children();

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = _pools ? nn.functional.avg_pool2d(input, 2, 2, ceil_mode: true) : input;
        foreach (var (convolution, normalization) in _layers)
        {
            x = convolution.call(x);
            x = normalization?.call(x) ?? x;
            x = x.relu_();
        }

        return x.MoveToOuterDisposeScope();
    }

    /// <summary>Writes the block to a graph.</summary>
    public OnnxValue Export(OnnxGraph graph, OnnxValue input)
    {
        var x = _pools
            ? graph.Pool("AveragePool", input, ("kernel_shape", (long[])[2, 2]), ("strides", (long[])[2, 2]), ("ceil_mode", 1L))
            : input;
        foreach (var (convolution, normalization) in _layers)
        {
            x = graph.Relu(convolution.Export(graph, x, normalization));
        }

        return x;
    }
}
