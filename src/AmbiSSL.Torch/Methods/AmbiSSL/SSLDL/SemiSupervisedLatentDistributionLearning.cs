using AmbiSSL.Torch.Latent;
using AmbiSSL.Torch.Networks;
using AmbiSSL.Torch.Onnx;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Methods;

/// <summary>
/// Semi-supervised latent distribution learning (section 3.1): one prior and one posterior encoder, whose outputs are the parameters of normal
/// distributions for labeled images and of Laplace distributions for unlabeled ones.
/// </summary>
internal sealed class SemiSupervisedLatentDistributionLearning
{
    private readonly LatentSpace _space;

    /// <param name="options">Sizes of the encoders.</param>
    /// <param name="channels">Channels of the images.</param>
    /// <param name="masks">Masks A·K of an annotation or pseudo-label set, one for each class.</param>
    public SemiSupervisedLatentDistributionLearning(LatentSegmentationOptions options, int channels, int masks) =>
        _space = new LatentSpace(options.LatentSizes, channels, masks, options.SortsMasks);

    /// <summary>The distributions of labeled images.</summary>
    public LatentFamily OfLabeled { get; } = LatentFamily.Normal;

    /// <summary>The distributions of unlabeled images.</summary>
    public LatentFamily OfUnlabeled { get; } = LatentFamily.Laplace;

    /// <summary>Gives the encoders to the module that trains, saves and disposes them.</summary>
    public void RegisterIn(nn.Module owner) => _space.RegisterIn(owner);

    /// <summary>Prior and posterior of labeled images [B, C, H, W] and their annotations [B, A, K, H, W] (eq. 1).</summary>
    public (LatentDistribution Prior, LatentDistribution Posterior) Labeled(Tensor images, Tensor annotations) =>
        (_space.Prior(OfLabeled, images), _space.Posterior(OfLabeled, images, annotations));

    /// <summary>Priors of views of unlabeled images [B, C, H, W] (eq. 2, 3).</summary>
    public LatentDistribution[] UnlabeledPriors(params Tensor[] views) => _space.Priors(OfUnlabeled, views);

    /// <summary>Posteriors of views of unlabeled images with their pseudo-label sets [B, A, K, H, W] (eq. 2, 3).</summary>
    public LatentDistribution[] UnlabeledPosteriors(params (Tensor Images, Tensor Masks)[] views) => _space.Posteriors(OfUnlabeled, views);

    /// <summary>Codes [B, N, D] for standard normal noise [B, N, D]: a trained model takes every image for a labeled one.</summary>
    public Tensor PriorCodes(Tensor images, Tensor noise) => _space.PriorCodes(images, noise);

    /// <summary>Writes the prior of images, each taken for a labeled one, to a graph.</summary>
    public OnnxPrior ExportPrior(OnnxGraph graph, OnnxValue images) => _space.ExportPrior(graph, images);

    /// <summary>Sum of un-squared norms over prior, posterior and the hidden layers of the heads (section 4.2).</summary>
    public Tensor Regularization(IEnumerable<SegmentationHead> heads) => _space.Regularization(heads);
}
