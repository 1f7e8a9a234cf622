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

    /// <summary>Whichever method the options belong to, for programs that learn the method only when they run.</summary>
    /// <param name="options">Options of any method.</param>
    /// <param name="columns">Names of the columns; null for the default ones.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public AmbiguousSegmentationEstimator Create(SegmentationOptions options, SegmentationColumns? columns = null) =>
        new(_environment, options, columns);
}
