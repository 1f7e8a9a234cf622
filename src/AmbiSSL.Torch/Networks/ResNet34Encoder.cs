using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Onnx;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Networks;

/// <summary>torchvision's resnet34 without its classifier, under torchvision's parameter names (He et al., CVPR 2016).</summary>
internal sealed class ResNet34Encoder : FeatureEncoder
{
    /// <summary>Residual blocks of each stage, and their filters.</summary>
    internal static readonly (int Blocks, int Filters)[] Stages = [(3, 64), (4, 128), (6, 256), (3, 512)];

    private readonly ImageConvolution _stem;
    private readonly ImageNormalization _stemNormalization;
    private readonly List<List<ResidualBlock>> _stages = [];

    public ResNet34Encoder(int channels, bool ofEachImage = false)
        : base("enc", stride: 32)
    {
        _stem = new ImageConvolution(channels, 64, 7, stride: 2, bias: false);
        _stemNormalization = new ImageNormalization(64, ofEachImage);
        register_module("conv1", _stem);
        register_module("bn1", _stemNormalization);
        var input = 64;
        foreach (var (blocks, filters) in Stages)
        {
            var stage = new List<ResidualBlock>();
            for (var i = 0; i < blocks; i++)
            {
                stage.Add(new ResidualBlock(i == 0 ? input : filters, filters, stride: i == 0 && filters > 64 ? 2 : 1, ofEachImage));
            }

            input = filters;
            _stages.Add(stage);
            register_module($"layer{_stages.Count}", ModuleGroup.Numbered(stage));
        }

        foreach (var convolution in modules().OfType<ImageConvolution>())
        {
            nn.init.kaiming_normal_(convolution.Weight, mode: nn.init.FanInOut.FanOut, nonlinearity: nn.init.NonlinearityType.ReLU);
        }
    }

    /// <summary>Starts from weights under torchvision's names, which are timm's.</summary>
    /// <exception cref="InvalidDataException">A weight is missing, has another shape, or has no place.</exception>
    public void LoadPretrained(string path)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var stream = RegularFile.Open(path, "Weights file");
        var header = PretrainedWeights.ReadHeader(stream, path);
        var state = state_dict();
        PretrainedWeights.RequireFit(path, header.Entries, state.Select(own => new WeightShape(own.Key, own.Value.dtype, own.Value.shape)));
        var weights = Safetensors.ReadData(stream, header, path);
        foreach (var (name, own) in state.Where(own => !PretrainedWeights.IsCounter(own.Key)))
        {
            var weight = weights[name];
            own.copy_(name == PretrainedWeights.Stem && weight.shape[1] != own.shape[1]
                ? weight.sum(1, keepdim: true).Over(own.shape[1]).expand(-1, own.shape[1], -1, -1)
                : weight);
        }
    }

    /// <inheritdoc/>
    protected override Tensor[] EncodePadded(Tensor images)
    {
        var levels = new Tensor[1 + Stages.Length];
        levels[0] = Stem(images);
        var x = nn.functional.max_pool2d(levels[0], 3, 2, 1);
        for (var s = 0; s < Stages.Length; s++)
        {
            foreach (var block in _stages[s])
            {
                x = block.call(x);
            }

            levels[s + 1] = x;
        }

        return levels;
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<OnnxValue> ExportPadded(OnnxGraph graph, OnnxValue images)
    {
        var levels = new List<OnnxValue> { graph.Relu(_stem.Export(graph, images, _stemNormalization)) };
        var x = graph.Pool("MaxPool", levels[0], ("kernel_shape", (long[])[3, 3]), ("strides", (long[])[2, 2]), ("pads", (long[])[1, 1, 1, 1]));
        foreach (var stage in _stages)
        {
            x = stage.Aggregate(x, (input, block) => block.Export(graph, input));
            levels.Add(x);
        }

        return levels;
    }

    private Tensor Stem(Tensor images)
    {
        using var scope = NewDisposeScope();
        return _stemNormalization.call(_stem.call(images)).relu_().MoveToOuterDisposeScope();
    }
}
