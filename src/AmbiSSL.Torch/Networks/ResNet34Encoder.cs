using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Networks;

/// <summary>torchvision's resnet34 without its classifier, under torchvision's parameter names (He et al., CVPR 2016).</summary>
internal sealed class ResNet34Encoder : FeatureEncoder
{
    private static readonly (int Blocks, int Filters)[] Stages = [(3, 64), (4, 128), (6, 256), (3, 512)];

    private readonly Conv2d _stem;
    private readonly BatchNorm2d _stemNormalization;
    private readonly List<ModuleList<ResidualBlock>> _stages = [];

    public ResNet34Encoder(int channels)
        : base("enc", stride: 32)
    {
        _stem = nn.Conv2d(channels, 64, 7, stride: 2, padding: 3, bias: false);
        _stemNormalization = nn.BatchNorm2d(64);
        register_module("conv1", _stem);
        register_module("bn1", _stemNormalization);
        var input = 64;
        foreach (var (blocks, filters) in Stages)
        {
            var stage = new ModuleList<ResidualBlock>();
            for (var i = 0; i < blocks; i++)
            {
                stage.Add(new ResidualBlock(i == 0 ? input : filters, filters, stride: i == 0 && filters > 64 ? 2 : 1));
            }

            input = filters;
            _stages.Add(stage);
            register_module($"layer{_stages.Count}", stage);
        }

        foreach (var convolution in modules().OfType<Conv2d>())
        {
            nn.init.kaiming_normal_(convolution.weight!, mode: nn.init.FanInOut.FanOut, nonlinearity: nn.init.NonlinearityType.ReLU);
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

    private Tensor Stem(Tensor images)
    {
        using var scope = NewDisposeScope();
        return _stemNormalization.call(_stem.call(images)).relu_().MoveToOuterDisposeScope();
    }
}
