using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Networks;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Methods;

/// <summary>
/// Diverse pseudo-label generation (section 3.2): one encoder and a list of decoders, of which the first, theta, learns from labeled images, and
/// the others begin as pruned copies of it. A fourth decoder is one more entry of the list.
/// </summary>
internal sealed class DiversePseudoLabelGeneration
{
    private static readonly (string Name, UnlabeledView? View)[] Decoders =
        [("theta", null), ("phi", UnlabeledView.Weak), ("xi", UnlabeledView.Strong)];

    private readonly ClassActivation _activation;
    private readonly int _fromBlock;
    private readonly double _keepFraction;

    /// <param name="options">Backbone, pruning, latent dimensions.</param>
    /// <param name="channels">Channels of the images.</param>
    /// <param name="classes">The classes K of a mask.</param>
    public DiversePseudoLabelGeneration(AmbiSSLOptions options, int channels, MaskClasses classes)
    {
        _activation = new ClassActivation(classes);
        (_fromBlock, _keepFraction) = (options.FirstPrunedBlock, options.KeepFraction);
        Encoder = options.Backbone.CreateEncoder(channels);
        var decoders = Array.ConvertAll(Decoders, _ => options.Backbone.CreateDecoder());
        Branches =
        [
            .. Decoders.Zip(decoders, (named, decoder) =>
                new DecoderBranch(named.Name, decoder, SegmentationHead.For(decoder.OutputChannels, options.LatentDimensions, classes), named.View)),
        ];
    }

    /// <summary>The decoders as weights name them, theta first.</summary>
    public static IEnumerable<string> DecoderNames => Decoders.Select(decoder => decoder.Name);

    /// <summary>E^b, which all decoders share.</summary>
    public FeatureEncoder Encoder { get; }

    /// <summary>All decoders, theta first.</summary>
    public IReadOnlyList<DecoderBranch> Branches { get; }

    /// <summary>The decoder that the others are copies of.</summary>
    public DecoderBranch Theta => Branches[0];

    /// <summary>The decoder that predicts once it is there: phi (section 3.3).</summary>
    public DecoderBranch Phi => Branches[1];

    /// <summary>Gives the networks to the module that trains, saves and disposes them, as <c>enc</c>, <c>dec.theta</c>, <c>seg.theta</c> and so on.</summary>
    public void RegisterIn(nn.Module owner)
    {
        var (decoders, heads) = (new ModuleGroup("dec"), new ModuleGroup("seg"));
        foreach (var branch in Branches)
        {
            decoders.Add(branch.Name, branch.Decoder);
            heads.Add(branch.Name, branch.Head);
        }

        owner.register_module("enc", Encoder);
        owner.register_module("dec", decoders);
        owner.register_module("seg", heads);
    }

    /// <summary>Makes all decoders but theta from it (eq. 7, 8).</summary>
    public void Prune(Generator generator)
    {
        foreach (var branch in Branches.Skip(1))
        {
            branch.PruneFrom(Theta, _fromBlock, _keepFraction, generator);
        }
    }

    /// <summary>The pseudo-label sets of weak views, without gradient (eq. 9-11).</summary>
    /// <param name="pyramid">What the encoder sees of the weak views.</param>
    /// <param name="codes">Prior codes [B, A, D], shared by the decoders.</param>
    /// <param name="decoded">Features [B, F, H, W] of the decoders that have seen the weak views already.</param>
    public PseudoLabelSets PseudoLabels(FeaturePyramid pyramid, Tensor codes, IReadOnlyDictionary<DecoderBranch, Tensor> decoded)
    {
        using var gradients = no_grad();
        return new PseudoLabelSets(
            _activation,
            [.. Branches.Select(branch => branch.Head.Infer(decoded.GetValueOrDefault(branch) ?? branch.Decoder.Decode(pyramid), codes))]);
    }
}
