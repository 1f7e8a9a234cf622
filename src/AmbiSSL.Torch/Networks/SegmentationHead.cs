using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Onnx;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Networks;

/// <summary>
/// Segmentation head F^seg (eq. 9-11): 1x1 convolutions over features and a latent code that is constant over the image.
/// The first convolution is split: it sees the features once, and each code adds a bias, so that N samples cost little more than one.
/// </summary>
internal sealed class SegmentationHead : nn.Module<Tensor, Tensor, Tensor>
{
    // Most pixels are background: before training one of eight is taken for foreground.
    private const double StartingLogit = -2;

    private readonly List<ImageConvolution> _layers = [];
    private readonly ImageConvolution _last;
    private readonly int _featureChannels;

    /// <param name="name">Name of the module.</param>
    /// <param name="featureChannels">Channels F of the features.</param>
    /// <param name="dimensions">Latent dimensions D.</param>
    /// <param name="hiddenChannels">Channels of the hidden layers.</param>
    /// <param name="convolutions">1x1 convolutions in all, the last one included.</param>
    public SegmentationHead(string name, int featureChannels, int dimensions, int hiddenChannels, int convolutions = 4)
        : base(NativeModule.Create(name), 0)
    {
        _featureChannels = featureChannels;
        var layers = new ModuleGroup("layers");
        for (var i = 0; i < convolutions - 1; i++)
        {
            var convolution = new ImageConvolution(i == 0 ? featureChannels + dimensions : hiddenChannels, hiddenChannels, 1);
            layers.Add($"{2 * i}", convolution);
            _layers.Add(convolution);
        }

        _last = new ImageConvolution(hiddenChannels, 1, 1);
        register_module("layers", layers);
        register_module("last_layer", _last);
        Initialization.Apply(this);
        using var start = StartingLogit.ToScalar();
        nn.init.constant_(_last.Bias!, start);
    }

    /// <summary>A head for the features of a decoder, with as many hidden channels as these have.</summary>
    public static SegmentationHead For(FeatureDecoder decoder, int dimensions) =>
        new("seg", decoder.OutputChannels, dimensions, hiddenChannels: decoder.OutputChannels);

    /// <summary>The parameters of all layers but the last.</summary>
    public IEnumerable<Parameter> HiddenParameters => _layers.SelectMany(layer => layer.parameters());

    /// <summary>Logits [B, N, H, W] of N codes [B, N, D] for features [B, F, H, W].</summary>
    public override Tensor forward(Tensor features, Tensor codes)
    {
        using var scope = NewDisposeScope();
        var (seen, bias) = FirstLayer(features, codes);
        return cat([.. bias.Select(own => LaterLayers(seen.Plus(own)))], 1).MoveToOuterDisposeScope();
    }

    /// <summary>The same logits without gradient, computed faster.</summary>
    public Tensor Infer(Tensor features, Tensor codes)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var (seen, bias) = FirstLayer(features, codes);
        return Infer(seen, bias).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Writes the head to a graph: logits [B, N, H, W]. There too the first layer sees the features once, and the codes take their turns, so that what lies
    /// between the layers stays in the cache.
    /// </summary>
    public OnnxValue Export(OnnxGraph graph, OnnxValue features, OnnxValue codes)
    {
        var weight = _layers[0].Weight;
        var seen = _layers[0].ExportOfFirstChannels(graph, features, _featureChannels);
        var codeWeight = weight.narrow(1, _featureChannels, weight.shape[1] - _featureChannels).flatten(1).t();
        return graph.ForEach(graph.MatrixMultiply(codes, graph.Constant(codeWeight)), axis: 1, (turn, bias) =>
        {
            var hidden = turn.Relu(turn.Add(seen, turn.Unsqueeze(bias, 2, 3)));
            hidden = _layers.Skip(1).Aggregate(hidden, (x, layer) => turn.Relu(layer.Export(turn, x)));
            return turn.Squeeze(_last.Export(turn, hidden), 1);
        });
    }

    /// <summary>
    /// Logits of codes [B, N, D], and each pixel's largest and smallest logit [B, 1, H, W] over prior codes [B, S, D]. Only one code a pixel
    /// decides either bound, and only through it do gradients flow: the others are looked at without gradient.
    /// </summary>
    public (Tensor Logits, Tensor Largest, Tensor Smallest) WithBounds(Tensor features, Tensor codes, Tensor priorCodes)
    {
        using var scope = NewDisposeScope();
        var (seen, bias) = FirstLayer(features, cat([codes, priorCodes], 1));
        var own = bias.AsSpan(0, (int)codes.shape[1]).ToArray();
        var prior = bias.AsSpan(own.Length).ToArray();
        var (largest, smallest) = DecidingCodes(seen, prior);
        return (
            cat([.. own.Select(code => LaterLayers(seen.Plus(code)))], 1).MoveToOuterDisposeScope(),
            LaterLayers(seen.Plus(PickBias(prior, largest))).MoveToOuterDisposeScope(),
            LaterLayers(seen.Plus(PickBias(prior, smallest))).MoveToOuterDisposeScope());
    }

    /// <summary>
    /// Nothing: all is registered under the names that weight files have, and fields would be second names of the same (dotnet/TorchSharp
    /// issue 1272: a module that is registered registers its fields).
    /// </summary>
    protected override void RegisterComponents()
    {
    }

    /// <summary>Index [B, H, W] of the code with the largest and of that with the smallest logit at each pixel.</summary>
    private (Tensor Largest, Tensor Smallest) DecidingCodes(Tensor seen, Tensor[] bias)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var logits = Infer(seen, bias);
        return (logits.argmax(1).MoveToOuterDisposeScope(), logits.argmin(1).MoveToOuterDisposeScope());
    }

    /// <summary>The bias [B, F, H, W] of each pixel's code, from S biases [B, F, 1, 1] and indexes [B, H, W].</summary>
    private static Tensor PickBias(Tensor[] bias, Tensor index)
    {
        using var scope = NewDisposeScope();
        var rows = stack(bias, 1).flatten(2);
        var choice = nn.functional.one_hot(index.flatten(1), bias.Length).to(rows.dtype);
        return choice.matmul(rows).unflatten(1, index.shape[1], index.shape[2]).permute(0, 3, 1, 2).MoveToOuterDisposeScope();
    }

    /// <summary>The first layer before its ReLU: what it makes of the features [B, F, H, W], and what each code adds [B, F, 1, 1].</summary>
    private (Tensor Seen, Tensor[] Bias) FirstLayer(Tensor features, Tensor codes)
    {
        var codeWeight = _layers[0].Weight.narrow(1, _featureChannels, codes.shape[2]).flatten(1);
        var seen = _layers[0].OfFirstChannels(features);
        return (seen, codes.matmul(codeWeight.t()).unsqueeze(-1).unsqueeze(-1).to(seen.dtype).unbind(1));
    }

    /// <summary>One sample after the other into the memory of them all: what lies between the layers is reused, and stays in the cache.</summary>
    /// <remarks>
    /// Rows of the image in turns would keep it nearer, and are faster on one thread, but slower on several and in bfloat16, where each call
    /// of a convolution has a cost of its own.
    /// </remarks>
    private Tensor Infer(Tensor seen, Tensor[] bias)
    {
        if (HeadKernel.CanCompute(seen, bias.Length))
        {
            return new HeadKernel(_layers.Skip(1), _last).Logits(seen, stack(bias, 1).flatten(2));
        }

        var logits = empty([seen.shape[0], bias.Length, seen.shape[2], seen.shape[3]], _last.Weight.dtype, seen.device);
        for (var n = 0; n < bias.Length; n++)
        {
            using var scope = NewDisposeScope();
            logits.narrow(1, n, 1).copy_(LaterLayers(seen.Plus(bias[n])));
        }

        return logits;
    }

    /// <summary>The layers after the first: [B, F, H, W] before its ReLU, overwritten, to logits [B, 1, H, W].</summary>
    /// <remarks>Always four dimensions: tensors of five lose the channels-last order when they are flattened.</remarks>
    private Tensor LaterLayers(Tensor first)
    {
        using var scope = NewDisposeScope();
        var hidden = first.relu_();
        foreach (var layer in _layers.Skip(1))
        {
            hidden = layer.call(hidden).relu_();
        }

        return _last.call(hidden).to(_last.Weight.dtype).MoveToOuterDisposeScope();
    }
}
