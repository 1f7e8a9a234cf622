using AmbiSSL.Torch.Losses;
using AmbiSSL.Torch.Networks;
using AmbiSSL.Torch.Onnx;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Latent;

/// <summary>The space of latent codes that stand for ways to outline an image: its prior and posterior encoders (section 3.1).</summary>
internal sealed class LatentSpace
{
    private readonly LatentEncoder _prior;
    private readonly LatentEncoder _posterior;
    private readonly bool _sortsMasks;

    /// <param name="sizes">Sizes of the encoders.</param>
    /// <param name="channels">Channels of the images.</param>
    /// <param name="masks">Masks that the posterior sees beside each image, one for each class.</param>
    /// <param name="sortsMasks">Whether these are put in order of their area, largest first, so that it does not matter in which they come.</param>
    public LatentSpace(LatentSizes sizes, int channels, int masks, bool sortsMasks)
    {
        _prior = new LatentEncoder("prior", channels, sizes);
        _posterior = new LatentEncoder("posterior", channels + masks, sizes);
        _sortsMasks = sortsMasks;
    }

    /// <summary>The parameters of prior and posterior.</summary>
    public IEnumerable<Parameter> Parameters => _prior.parameters().Concat(_posterior.parameters());

    /// <summary>Gives the encoders to the module that trains, saves and disposes them, as <c>prior</c> and <c>posterior</c>.</summary>
    public void RegisterIn(nn.Module owner)
    {
        owner.register_module("prior", _prior);
        owner.register_module("posterior", _posterior);
    }

    /// <summary>Prior of images [B, C, H, W] (eq. 1-3).</summary>
    public LatentDistribution Prior(LatentFamily family, Tensor images) => Priors(family, images)[0];

    /// <summary>Posterior of images and their masks [B, A, K, H, W] (eq. 1-3).</summary>
    public LatentDistribution Posterior(LatentFamily family, Tensor images, Tensor masks) => Posteriors(family, (images, masks))[0];

    /// <summary>The priors of several views of images in one pass, which is faster than one after the other.</summary>
    public LatentDistribution[] Priors(LatentFamily family, params Tensor[] views) => Distributions(_prior, family, views);

    /// <summary>The posteriors of several views of images with their masks [B, A, K, H, W] in one pass.</summary>
    public LatentDistribution[] Posteriors(LatentFamily family, params (Tensor Images, Tensor Masks)[] views) =>
        Distributions(
            _posterior, family, [.. views.Select(view => cat([view.Images, (_sortsMasks ? MaskSets.SortByArea(view.Masks) : view.Masks).flatten(1, 2)], 1))]);

    /// <summary>Codes [B, N, D] of the images' normal prior for standard normal noise [B, N, D].</summary>
    public Tensor PriorCodes(Tensor images, Tensor noise) =>
        Prior(LatentFamily.Normal, images).Codes(noise.transpose(0, 1)).transpose(0, 1);

    /// <summary>Writes the normal prior of images to a graph.</summary>
    public OnnxPrior ExportPrior(OnnxGraph graph, OnnxValue images)
    {
        var (location, logScale) = _prior.Export(graph, images);
        return new OnnxPrior(graph, location, logScale);
    }

    /// <summary>Sum of un-squared norms over prior, posterior and the hidden layers of the heads (section 4.2).</summary>
    public Tensor Regularization(IEnumerable<SegmentationHead> heads) =>
        NormRegularization.Compute(Parameters.Concat(heads.SelectMany(head => head.HiddenParameters)));

    private static LatentDistribution[] Distributions(LatentEncoder encoder, LatentFamily family, Tensor[] views)
    {
        var (location, logScale) = encoder.call(cat(views));
        long[] sizes = [.. views.Select(view => view.shape[0])];
        return [.. location.split(sizes).Zip(logScale.split(sizes), (own, scale) => new LatentDistribution(family, own, scale))];
    }
}
