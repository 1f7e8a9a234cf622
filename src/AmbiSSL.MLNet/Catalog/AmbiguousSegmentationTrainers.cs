using AmbiSSL.MLNet;
using AmbiSSL.Torch.Methods;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>The methods of ambiguous segmentation that can be trained.</summary>
public sealed class AmbiguousSegmentationTrainers
{
    private readonly IHostEnvironment _environment;

    internal AmbiguousSegmentationTrainers(IHostEnvironment environment) => _environment = environment;

    /// <summary>AmbiSSL: semi-supervised, with pruned decoders that teach each other (Kumari and Singh, CVPR 2025).</summary>
    /// <param name="options">Options of the method; null for the default ones.</param>
    /// <param name="columns">Names of the columns; null for the default ones.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public AmbiguousSegmentationEstimator AmbiSSL(AmbiSSLOptions? options = null, SegmentationColumns? columns = null) =>
        new(_environment, options ?? new AmbiSSLOptions(), columns);

    /// <summary>Global confusion matrices: one matrix for each annotator, the same at every pixel (Tanno et al., CVPR 2019).</summary>
    /// <param name="options">Options of the method; null for the default ones.</param>
    /// <param name="columns">Names of the columns; null for the default ones.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public AmbiguousSegmentationEstimator GlobalConfusionMatrix(GlobalConfusionMatrixOptions? options = null, SegmentationColumns? columns = null) =>
        new(_environment, options ?? new GlobalConfusionMatrixOptions(), columns);

    /// <summary>Confusion matrices of pixels: predicted from the image for each annotator (Zhang et al., NeurIPS 2020).</summary>
    /// <param name="options">Options of the method; null for the default ones.</param>
    /// <param name="columns">Names of the columns; null for the default ones.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public AmbiguousSegmentationEstimator PixelConfusionMatrix(PixelConfusionMatrixOptions? options = null, SegmentationColumns? columns = null) =>
        new(_environment, options ?? new PixelConfusionMatrixOptions(), columns);

    /// <summary>Pionono: a latent distribution for each annotator (Schmidt et al., ICCV 2023).</summary>
    /// <param name="options">Options of the method; null for the default ones.</param>
    /// <param name="columns">Names of the columns; null for the default ones.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public AmbiguousSegmentationEstimator Pionono(PiononoOptions? options = null, SegmentationColumns? columns = null) =>
        new(_environment, options ?? new PiononoOptions(), columns);
}
