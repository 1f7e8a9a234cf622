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
    // Values of a hidden layer that are computed together without gradient.
    private const long ValuesInCache = 1 << 18;
    private const long ValuesOnGpu = 1 << 26;

    private readonly List<ImageConvolution> _layers = [];
    private readonly ImageConvolution _last;
    private readonly ClassActivation _activation;
    private readonly int _featureChannels;

    /// <param name="name">Name of the module.</param>
    /// <param name="featureChannels">Channels F of the features.</param>
    /// <param name="dimensions">Latent dimensions D.</param>
    /// <param name="hiddenChannels">Channels of the hidden layers.</param>
    /// <param name="classes">The classes K of a mask.</param>
    /// <param name="convolutions">1x1 convolutions in all, the last one included.</param>
    public SegmentationHead(string name, int featureChannels, int dimensions, int hiddenChannels, MaskClasses classes, int convolutions = 4)
        : base(NativeModule.Create(name), 0)
    {
        _featureChannels = featureChannels;
        _activation = new ClassActivation(classes);
        var layers = new ModuleGroup("layers");
        for (var i = 0; i < convolutions - 1; i++)
        {
            var convolution = new ImageConvolution(i == 0 ? featureChannels + dimensions : hiddenChannels, hiddenChannels, 1);
            layers.Add($"{2 * i}", convolution);
            _layers.Add(convolution);
        }

        _last = new ImageConvolution(hiddenChannels, classes.Count, 1);
        register_module("layers", layers);
        register_module("last_layer", _last);
        Initialization.ApplyToHead(this, _last);
    }

    /// <summary>A head for features of so many channels, with as many hidden channels.</summary>
    public static SegmentationHead For(int featureChannels, int dimensions, MaskClasses classes) =>
        new("seg", featureChannels, dimensions, hiddenChannels: featureChannels, classes);

    /// <summary>The parameters of all layers but the last.</summary>
    public IEnumerable<Parameter> HiddenParameters => _layers.SelectMany(layer => layer.parameters());

    /// <summary>
    /// Logits [B, N, K, H, W] of N codes [B, N, D] for features [B, F, H, W]: of each class against the rest (<see cref="ClassActivation"/>).
    /// </summary>
    public override Tensor forward(Tensor features, Tensor codes)
    {
        using var scope = NewDisposeScope();
        var (seen, bias) = FirstLayer(features, codes);
        return _activation.AgainstRest(LaterLayers(seen, bias.unsqueeze(2))).MoveToOuterDisposeScope();
    }

    /// <summary>Logits [B, 1, K, H, W] of the mean over codes [B, N, D] of what the last layer gives.</summary>
    public Tensor OfMean(Tensor features, Tensor codes)
    {
        using var scope = NewDisposeScope();
        var (seen, bias) = FirstLayer(features, codes);
        return _activation.AgainstRest(LaterLayers(seen, bias.unsqueeze(2)).mean([1], keepdim: true)).MoveToOuterDisposeScope();
    }

    /// <summary>The same logits without gradient, computed faster.</summary>
    public Tensor Infer(Tensor features, Tensor codes)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var (seen, bias) = FirstLayer(features, codes);
        return LogitsOf(seen, bias).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Writes the head to a graph: probabilities [B, N, K, H, W]. There too the first layer sees the features once, and the codes take their turns,
    /// so that what lies between the layers stays in the cache.
    /// </summary>
    public OnnxValue Export(OnnxGraph graph, OnnxValue features, OnnxValue codes)
    {
        var weight = _layers[0].Weight;
        var seen = _layers[0].ExportOfFirstChannels(graph, features, _featureChannels);
        var codeWeight = weight.narrow(1, _featureChannels, weight.shape[1] - _featureChannels).flatten(1).t();
        return _activation.Export(graph, graph.ForEach(graph.MatrixMultiply(codes, graph.Constant(codeWeight)), axis: 1, (turn, bias) =>
        {
            var hidden = turn.Relu(turn.Add(seen, turn.Unsqueeze(bias, 2, 3)));
            hidden = _layers.Skip(1).Aggregate(hidden, (x, layer) => turn.Relu(layer.Export(turn, x)));
            return _last.Export(turn, hidden);
        }));
    }

    /// <summary>
    /// Logits [B, N, K, H, W] of codes [B, N, D], and each pixel's largest and smallest logit [B, 2, K, H, W] over prior codes [B, S, D]. Only one code a
    /// pixel decides either bound of a class, and only through it do gradients flow: the others are looked at without gradient.
    /// </summary>
    public (Tensor Logits, Tensor Bounds) WithBounds(Tensor features, Tensor codes, Tensor priorCodes)
    {
        using var scope = NewDisposeScope();
        var (own, prior) = (codes.shape[1], priorCodes.shape[1]);
        var (seen, bias) = FirstLayer(features, cat([codes, priorCodes], 1));
        var ofPrior = bias.narrow(1, own, prior);
        var deciding = Pick(ofPrior, DecidingCodes(seen, ofPrior));

        var logits = _activation.AgainstRest(LaterLayers(seen, bias.narrow(1, 0, own).unsqueeze(2)));

        // Each bound of a class has codes of its own, which give the logits of all classes.
        var bounds = _activation.AgainstRest(LaterLayers(seen, deciding)).unflatten(1, 2, _activation.Count).diagonal(0, 2, 3).movedim([-1], [2]);
        return (logits.MoveToOuterDisposeScope(), bounds.MoveToOuterDisposeScope());
    }

    /// <summary>
    /// Nothing: all is registered under the names that weight files have, and fields would be second names of the same (dotnet/TorchSharp
    /// issue 1272: a module that is registered registers its fields).
    /// </summary>
    protected override void RegisterComponents()
    {
    }

    /// <summary>
    /// Index [B, 2 * K, H * W] of the code with the largest logit of each class and of that with the smallest at each pixel, of codes that add biases
    /// [B, S, F].
    /// </summary>
    private Tensor DecidingCodes(Tensor seen, Tensor bias)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var logits = LogitsOf(seen, bias).flatten(3);
        return cat([logits.argmax(1), logits.argmin(1)], 1).MoveToOuterDisposeScope();
    }

    /// <summary>The biases [B, 2 * K, H * W, F] of each pixel's codes, of biases [B, S, F] and indexes [B, 2 * K, H * W].</summary>
    private static Tensor Pick(Tensor bias, Tensor index)
    {
        using var scope = NewDisposeScope();
        var codes = TensorArithmetic.Range(bias.shape[1], ScalarType.Int64, bias.device);
        var choice = index.flatten(1).unsqueeze(-1).eq(codes).to(bias.dtype);
        return choice.bmm(bias).unflatten(1, index.shape[1], index.shape[2]).MoveToOuterDisposeScope();
    }

    /// <summary>The first layer before its ReLU: what it makes of the features [B, F, H, W], and what each code adds [B, N, F].</summary>
    private (Tensor Seen, Tensor Bias) FirstLayer(Tensor features, Tensor codes)
    {
        var codeWeight = _layers[0].Weight.narrow(1, _featureChannels, codes.shape[2]).flatten(1);
        var seen = _layers[0].OfFirstChannels(features);
        return (seen, codes.matmul(codeWeight.t()).to(seen.dtype));
    }

    /// <summary>
    /// Logits [B, N, K, H, W] without gradient of codes that add biases [B, N, F] to what the first layer made of the features [B, F, H, W]: as many
    /// together as fit the cache, so that what lies between the layers stays there.
    /// </summary>
    private Tensor LogitsOf(Tensor seen, Tensor bias)
    {
        var codes = (int)bias.shape[1];
        if (HeadKernel.CanCompute(seen, codes * _activation.Count))
        {
            return _activation.AgainstRest(new HeadKernel(_layers.Skip(1), _last).Values(seen, bias));
        }

        var values = empty([seen.shape[0], codes, _activation.Count, seen.shape[2], seen.shape[3]], _last.Weight.dtype, seen.device);
        var together = (int)Math.Max(1, (seen.device_type == DeviceType.CUDA ? ValuesOnGpu : ValuesInCache) / seen.numel());
        for (var first = 0; first < codes; first += together)
        {
            using var scope = NewDisposeScope();
            var count = Math.Min(together, codes - first);
            values.narrow(1, first, count).copy_(LaterLayers(seen, bias.narrow(1, first, count).unsqueeze(2)));
        }

        return _activation.AgainstRest(values);
    }

    /// <summary>
    /// The layers after the first, of all codes as one batch: what it made of the features [B, F, H, W] before its ReLU, and what the codes add
    /// [B, N, H * W, F] or, where that is the same for all pixels, [B, N, 1, F], to the values of the last layer [B, N, K, H, W].
    /// </summary>
    /// <remarks>Channels are the last dimension until images and codes are one: the channels-last order is lost where they are not.</remarks>
    private Tensor LaterLayers(Tensor seen, Tensor bias)
    {
        using var scope = NewDisposeScope();
        var (height, width) = (seen.shape[2], seen.shape[3]);
        var first = seen.permute(0, 2, 3, 1).flatten(1, 2).unsqueeze(1).Plus(bias).relu_();
        var hidden = first.flatten(0, 1).unflatten(1, height, width).permute(0, 3, 1, 2);
        foreach (var layer in _layers.Skip(1))
        {
            hidden = layer.call(hidden).relu_();
        }

        return _last.call(hidden).to(_last.Weight.dtype).view(seen.shape[0], bias.shape[1], -1, height, width).MoveToOuterDisposeScope();
    }
}
