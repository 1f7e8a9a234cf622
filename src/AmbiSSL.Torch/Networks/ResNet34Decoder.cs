using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Onnx;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Networks;

/// <summary>The U-shaped decoder that goes with ResNet34: five blocks of 256, 128, 64, 32 and 16 filters, the last without a skip.</summary>
internal sealed class ResNet34Decoder : FeatureDecoder
{
    /// <summary>Channels that come in from below and over the skip, and filters, of each block.</summary>
    internal static readonly (int Input, int Skip, int Output)[] Sizes =
        [(512, 256, 256), (256, 128, 128), (128, 64, 64), (64, 64, 32), (32, 0, 16)];

    private readonly List<UpsamplingBlock> _blocks = [];

    public ResNet34Decoder(bool ofEachImage)
        : base("dec")
    {
        foreach (var (input, skip, output) in Sizes)
        {
            _blocks.Add(new UpsamplingBlock(input, skip, output, ofEachImage));
        }

        register_module("blocks", ModuleGroup.Numbered(_blocks));
    }

    /// <inheritdoc/>
    public override int OutputChannels => Sizes[^1].Output;

    /// <inheritdoc/>
    public override IReadOnlyList<nn.Module> Blocks => _blocks;

    /// <inheritdoc/>
    protected override Tensor DecodePadded(Tensor[] levels)
    {
        using var scope = NewDisposeScope();
        var x = levels[^1];
        for (var i = 0; i < _blocks.Count; i++)
        {
            x = _blocks[i].call(x, i + 2 <= levels.Length ? levels[^(i + 2)] : null);
        }

        return x.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    protected override OnnxValue ExportPadded(OnnxGraph graph, IReadOnlyList<OnnxValue> levels)
    {
        var x = levels[^1];
        for (var i = 0; i < _blocks.Count; i++)
        {
            x = _blocks[i].Export(graph, x, i + 2 <= levels.Count ? levels[^(i + 2)] : null);
        }

        return x;
    }
}
