using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Networks;

/// <summary>
/// Segmentation head F^seg (eq. 9-11): 1x1 convolutions over features and a latent code that is constant over the image.
/// The first convolution is split: it sees the features once, and each code adds a bias, so that N samples cost little more than one.
/// </summary>
internal sealed class SegmentationHead : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly List<Conv2d> _layers = [];
    private readonly Conv2d _last;
    private readonly int _featureChannels;

    /// <param name="name">Name of the module.</param>
    /// <param name="featureChannels">Channels F of the features.</param>
    /// <param name="dimensions">Latent dimensions D.</param>
    /// <param name="hiddenChannels">Channels of the hidden layers.</param>
    /// <param name="convolutions">1x1 convolutions in all, the last one included.</param>
    public SegmentationHead(string name, int featureChannels, int dimensions, int hiddenChannels, int convolutions = 4)
        : base(name)
    {
        _featureChannels = featureChannels;
        var layers = new ModuleGroup("layers");
        for (var i = 0; i < convolutions - 1; i++)
        {
            var convolution = nn.Conv2d(i == 0 ? featureChannels + dimensions : hiddenChannels, hiddenChannels, 1);
            layers.Add($"{2 * i}", convolution);
            _layers.Add(convolution);
        }

        _last = nn.Conv2d(hiddenChannels, 1, 1);
        register_module("layers", layers);
        register_module("last_layer", _last);
    }

    /// <summary>A head for the features of a decoder, with as many hidden channels as these have.</summary>
    public static SegmentationHead For(FeatureDecoder decoder, int dimensions) =>
        new("seg", decoder.OutputChannels, dimensions, hiddenChannels: decoder.OutputChannels);

    /// <summary>The parameters of all layers but the last.</summary>
    public IEnumerable<Parameter> HiddenParameters => _layers.SelectMany(layer => layer.parameters());

    /// <summary>Logits [B, N, H, W] of N codes [B, N, D] for features [B, F, H, W], all at once.</summary>
    public override Tensor forward(Tensor features, Tensor codes)
    {
        using var scope = NewDisposeScope();
        var (seen, bias) = FirstLayer(features, codes);
        return Tail(seen + bias).MoveToOuterDisposeScope();
    }

    /// <summary>The same logits, one sample after the other: without gradients that is faster, since the working set stays in the cache.</summary>
    public Tensor Sample(Tensor features, Tensor codes)
    {
        using var scope = NewDisposeScope();
        var (seen, bias) = FirstLayer(features, codes);

        // Four dimensions keep the memory format of the features: channels-last tensors lose it when five are flattened.
        var image = seen.squeeze(1);
        var samples = new Tensor[codes.shape[1]];
        for (var n = 0; n < samples.Length; n++)
        {
            samples[n] = HiddenLayers(image + bias.select(1, n));
        }

        return cat(samples, 1).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Logits of codes [B, N, D], and each pixel's largest and smallest logit [B, 1, H, W] over prior codes [B, S, D]. Only one code a pixel
    /// decides either bound, and only through it do gradients flow: the others are looked at without gradient.
    /// </summary>
    public (Tensor Logits, Tensor Largest, Tensor Smallest) WithBounds(Tensor features, Tensor codes, Tensor priorCodes)
    {
        using var scope = NewDisposeScope();
        var samples = codes.shape[1];
        var (seen, bias) = FirstLayer(features, cat([codes, priorCodes], 1));
        var (ownBias, priorBias) = (bias.narrow(1, 0, samples), bias.narrow(1, samples, priorCodes.shape[1]));
        var (largest, smallest) = DecidingCodes(seen, priorBias);
        var hidden = cat([seen + ownBias, seen + PickBias(priorBias, largest), seen + PickBias(priorBias, smallest)], 1);
        var logits = Tail(hidden);
        return (
            logits.narrow(1, 0, samples).MoveToOuterDisposeScope(),
            logits.narrow(1, samples, 1).MoveToOuterDisposeScope(),
            logits.narrow(1, samples + 1, 1).MoveToOuterDisposeScope());
    }

    /// <summary>Nothing: all is registered under the names that weight files have, and fields would be second names of the same.</summary>
    protected override void RegisterComponents()
    {
    }

    /// <summary>Index [B, 1, H, W] of the code with the largest and of that with the smallest logit at each pixel.</summary>
    private (Tensor Largest, Tensor Smallest) DecidingCodes(Tensor seen, Tensor bias)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var logits = Tail(seen + bias);
        return (logits.argmax(1, keepdim: true).MoveToOuterDisposeScope(), logits.argmin(1, keepdim: true).MoveToOuterDisposeScope());
    }

    /// <summary>The bias [B, 1, F, H, W] of each pixel's code, from [B, S, F, 1, 1] and [B, 1, H, W].</summary>
    private static Tensor PickBias(Tensor bias, Tensor index)
    {
        using var scope = NewDisposeScope();
        var choice = nn.functional.one_hot(index.squeeze(1), bias.shape[1]).to(bias.dtype);
        return choice.matmul(bias.flatten(2).unsqueeze(1)).permute(0, 3, 1, 2).unsqueeze(1).MoveToOuterDisposeScope();
    }

    private (Tensor Seen, Tensor Bias) FirstLayer(Tensor features, Tensor codes)
    {
        var weight = _layers[0].weight!;
        var codeWeight = weight.narrow(1, _featureChannels, weight.shape[1] - _featureChannels).flatten(1);
        var seen = nn.functional.conv2d(features, weight.narrow(1, 0, _featureChannels), _layers[0].bias);
        return (seen.unsqueeze(1), codes.matmul(codeWeight.t()).unsqueeze(-1).unsqueeze(-1));
    }

    /// <summary>The layers after the first: [B, N, F, H, W] before its ReLU to logits [B, N, H, W].</summary>
    private Tensor Tail(Tensor first)
    {
        using var scope = NewDisposeScope();
        var logits = HiddenLayers(first.flatten(0, 1));
        return logits.reshape(first.shape[0], first.shape[1], logits.shape[2], logits.shape[3]).MoveToOuterDisposeScope();
    }

    /// <summary>The layers after the first: [B, F, H, W] before its ReLU, overwritten, to logits [B, 1, H, W].</summary>
    private Tensor HiddenLayers(Tensor first)
    {
        using var scope = NewDisposeScope();
        var hidden = first.relu_();
        foreach (var layer in _layers.Skip(1))
        {
            hidden = layer.call(hidden).relu_();
        }

        return _last.call(hidden).MoveToOuterDisposeScope();
    }
}
