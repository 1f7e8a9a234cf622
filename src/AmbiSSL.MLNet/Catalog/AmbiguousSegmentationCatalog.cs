using AmbiSSL.MLNet;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>The task of segmenting images whose experts disagree; <c>mlContext.AmbiguousSegmentation()</c> makes it.</summary>
public sealed class AmbiguousSegmentationCatalog
{
    internal AmbiguousSegmentationCatalog(IHostEnvironment environment)
    {
        Environment = environment;
        Trainers = new AmbiguousSegmentationTrainers(environment);
    }

    /// <summary>The methods that can be trained.</summary>
    public AmbiguousSegmentationTrainers Trainers { get; }

    /// <summary>The environment of the MLContext.</summary>
    internal IHostEnvironment Environment { get; }

    /// <summary>Reads a model that <see cref="AmbiguousSegmentationTransformer.SaveWeights"/> wrote.</summary>
    /// <param name="path">A safetensors file with the method's options in it.</param>
    /// <param name="columns">Names of the columns; null for the default ones.</param>
    /// <returns>The transformer, which the caller disposes.</returns>
    /// <exception cref="InvalidDataException">The file is cut short, damaged or of another kind.</exception>
    public AmbiguousSegmentationTransformer LoadWeights(string path, SegmentationColumns? columns = null) =>
        AmbiguousSegmentationTransformer.LoadWeights(Environment, path, columns);
}
