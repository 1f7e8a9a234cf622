using AmbiSSL.Torch.Losses;
using AmbiSSL.Torch.Networks;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Latent;

/// <summary>The space of latent codes that stand for ways to outline an image: its prior and posterior encoders (section 3.1).</summary>
internal sealed class LatentSpace
{
    private readonly SegmentationOptions _options;
    private readonly LatentEncoder _prior;
    private readonly LatentEncoder _posterior;

    /// <param name="options">Sizes of the encoders.</param>
    /// <param name="channels">Channels of the images.</param>
    /// <param name="masks">Masks that the posterior sees beside each image.</param>
    public LatentSpace(SegmentationOptions options, int channels, int masks)
    {
        _options = options;
        _prior = CreateEncoder("prior", channels);
        _posterior = CreateEncoder("posterior", channels + masks);
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
    public LatentDistribution Prior(LatentFamily family, Tensor images) => Priors((family, images))[0];

    /// <summary>Posterior of images and their masks [B, A, H, W] (eq. 1-3).</summary>
    public LatentDistribution Posterior(LatentFamily family, Tensor images, Tensor masks) => Posteriors((family, images, masks))[0];

    /// <summary>The priors of several views of images in one pass, which is faster than one after the other.</summary>
    public LatentDistribution[] Priors(params (LatentFamily Family, Tensor Images)[] views) => Distributions(_prior, views);

    /// <summary>The posteriors of several views of images with their masks [B, A, H, W] in one pass.</summary>
    public LatentDistribution[] Posteriors(params (LatentFamily Family, Tensor Images, Tensor Masks)[] views) =>
        Distributions(_posterior, [.. views.Select(view => (view.Family, PosteriorInput(view.Images, view.Masks)))]);

    /// <summary>Codes [B, N, D] of the images' normal prior for standard normal noise [B, N, D].</summary>
    public Tensor PriorCodes(Tensor images, Tensor noise) =>
        Prior(LatentFamily.Normal, images).Sample(noise.transpose(0, 1)).transpose(0, 1);

    /// <summary>Sum of un-squared norms over prior, posterior and the hidden layers of the heads (section 4.2).</summary>
    public Tensor Regularization(IEnumerable<SegmentationHead> heads) =>
        NormRegularization.Compute(Parameters.Concat(heads.SelectMany(head => head.HiddenParameters)));

    private static LatentDistribution[] Distributions(LatentEncoder encoder, (LatentFamily Family, Tensor Input)[] views)
    {
        var (location, logScale) = encoder.call(cat([.. views.Select(view => view.Input)]));
        long[] sizes = [.. views.Select(view => view.Input.shape[0])];
        var (locations, logScales) = (location.split(sizes), logScale.split(sizes));
        return [.. views.Select((view, i) => new LatentDistribution(view.Family, locations[i], logScales[i]))];
    }

    private Tensor PosteriorInput(Tensor images, Tensor masks) =>
        cat([images, _options.SortAnnotationsByArea ? MaskSets.SortByArea(masks) : masks], 1);

    private LatentEncoder CreateEncoder(string name, int channels) =>
        new(name, channels, _options.LatentFilters, _options.LatentDimensions, _options.LatentConvolutionsPerBlock);
}
