using AmbiSSL;
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
    /// <param name="run">Where and with what it trains; null for the default options.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public AmbiguousSegmentationEstimator AmbiSSL(
        AmbiSSLOptions? options = null, SegmentationColumns? columns = null, RunOptions? run = null) =>
        new(_environment, options ?? new AmbiSSLOptions(), columns, run);

    /// <summary>Supervised: AmbiSSL's labeled half alone, which with all images labeled is the upper bound (eq. 14).</summary>
    /// <param name="options">Options of the method; null for the default ones.</param>
    /// <param name="columns">Names of the columns; null for the default ones.</param>
    /// <param name="run">Where and with what it trains; null for the default options.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public AmbiguousSegmentationEstimator Supervised(
        SupervisedOptions? options = null, SegmentationColumns? columns = null, RunOptions? run = null) =>
        new(_environment, options ?? new SupervisedOptions(), columns, run);

    /// <summary>Global confusion matrices: one matrix for each annotator, the same at every pixel (Tanno et al., CVPR 2019).</summary>
    /// <param name="options">Options of the method; null for the default ones.</param>
    /// <param name="columns">Names of the columns; null for the default ones.</param>
    /// <param name="run">Where and with what it trains; null for the default options.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public AmbiguousSegmentationEstimator GlobalConfusionMatrix(
        GlobalConfusionMatrixOptions? options = null, SegmentationColumns? columns = null, RunOptions? run = null) =>
        new(_environment, options ?? new GlobalConfusionMatrixOptions(), columns, run);

    /// <summary>Confusion matrices of pixels: predicted from the image for each annotator (Zhang et al., NeurIPS 2020).</summary>
    /// <param name="options">Options of the method; null for the default ones.</param>
    /// <param name="columns">Names of the columns; null for the default ones.</param>
    /// <param name="run">Where and with what it trains; null for the default options.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public AmbiguousSegmentationEstimator PixelConfusionMatrix(
        PixelConfusionMatrixOptions? options = null, SegmentationColumns? columns = null, RunOptions? run = null) =>
        new(_environment, options ?? new PixelConfusionMatrixOptions(), columns, run);

    /// <summary>Pionono: a latent distribution for each annotator (Schmidt et al., ICCV 2023).</summary>
    /// <param name="options">Options of the method; null for the default ones.</param>
    /// <param name="columns">Names of the columns; null for the default ones.</param>
    /// <param name="run">Where and with what it trains; null for the default options.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public AmbiguousSegmentationEstimator Pionono(
        PiononoOptions? options = null, SegmentationColumns? columns = null, RunOptions? run = null) =>
        new(_environment, options ?? new PiononoOptions(), columns, run);

    /// <summary>Probabilistic U-Net: learns from labeled images alone (Kohl et al., NeurIPS 2018).</summary>
    /// <param name="options">Options of the method; null for the default ones.</param>
    /// <param name="columns">Names of the columns; null for the default ones.</param>
    /// <param name="run">Where and with what it trains; null for the default options.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public AmbiguousSegmentationEstimator ProbabilisticUNet(
        ProbabilisticUNetOptions? options = null, SegmentationColumns? columns = null, RunOptions? run = null) =>
        new(_environment, options ?? new ProbabilisticUNetOptions(), columns, run);

    /// <summary>D-Persona: learns from labeled images alone, and each annotator's own mask besides (Wu et al., CVPR 2024).</summary>
    /// <param name="options">Options of the method; null for the default ones.</param>
    /// <param name="columns">Names of the columns; null for the default ones.</param>
    /// <param name="run">Where and with what it trains; null for the default options.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public AmbiguousSegmentationEstimator DPersona(
        DPersonaOptions? options = null, SegmentationColumns? columns = null, RunOptions? run = null) =>
        new(_environment, options ?? new DPersonaOptions(), columns, run);

    /// <summary>
    /// Stochastic segmentation networks: a low-rank normal distribution over the logits of all pixels together (Monteiro et al., NeurIPS 2020).
    /// </summary>
    /// <param name="options">Options of the method; null for the default ones.</param>
    /// <param name="columns">Names of the columns; null for the default ones.</param>
    /// <param name="run">Where and with what it trains; null for the default options.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public AmbiguousSegmentationEstimator StochasticSegmentation(
        StochasticSegmentationOptions? options = null, SegmentationColumns? columns = null, RunOptions? run = null) =>
        new(_environment, options ?? new StochasticSegmentationOptions(), columns, run);

    /// <summary>The plain network with one mask for each image, several of which make the plain ensemble.</summary>
    /// <param name="options">Options of the method; null for the default ones.</param>
    /// <param name="columns">Names of the columns; null for the default ones.</param>
    /// <param name="run">Where and with what it trains; null for the default options.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public AmbiguousSegmentationEstimator OneMask(
        OneMaskOptions? options = null, SegmentationColumns? columns = null, RunOptions? run = null) =>
        new(_environment, options ?? new OneMaskOptions(), columns, run);

    /// <summary>Self-training: semi-supervised, one network with its own confident pseudo-labels (Lee 2013).</summary>
    /// <param name="options">Options of the method; null for the default ones.</param>
    /// <param name="columns">Names of the columns; null for the default ones.</param>
    /// <param name="run">Where and with what it trains; null for the default options.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public AmbiguousSegmentationEstimator SelfTraining(
        SelfTrainingOptions? options = null, SegmentationColumns? columns = null, RunOptions? run = null) =>
        new(_environment, options ?? new SelfTrainingOptions(), columns, run);

    /// <summary>Cross pseudo supervision: semi-supervised, two networks that teach each other (Chen et al., CVPR 2021).</summary>
    /// <param name="options">Options of the method; null for the default ones.</param>
    /// <param name="columns">Names of the columns; null for the default ones.</param>
    /// <param name="run">Where and with what it trains; null for the default options.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public AmbiguousSegmentationEstimator CrossPseudoSupervision(
        CrossPseudoSupervisionOptions? options = null, SegmentationColumns? columns = null, RunOptions? run = null) =>
        new(_environment, options ?? new CrossPseudoSupervisionOptions(), columns, run);

    /// <summary>Consistency regularization: semi-supervised, strong views learn the labels of weak ones (FixMatch, Sohn et al. 2020).</summary>
    /// <param name="options">Options of the method; null for the default ones.</param>
    /// <param name="columns">Names of the columns; null for the default ones.</param>
    /// <param name="run">Where and with what it trains; null for the default options.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public AmbiguousSegmentationEstimator ConsistencyRegularization(
        ConsistencyRegularizationOptions? options = null, SegmentationColumns? columns = null, RunOptions? run = null) =>
        new(_environment, options ?? new ConsistencyRegularizationOptions(), columns, run);

    /// <summary>Whichever method the options belong to, for programs that learn the method only when they run.</summary>
    /// <param name="options">Options of any method.</param>
    /// <param name="columns">Names of the columns; null for the default ones.</param>
    /// <param name="run">Where and with what it trains; null for the default options.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public AmbiguousSegmentationEstimator Create(
        SegmentationOptions options, SegmentationColumns? columns = null, RunOptions? run = null) =>
        new(_environment, options, columns, run);
}
