using System.Globalization;
using System.Security.Cryptography;
using AmbiSSL.Cli.Output;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace AmbiSSL.Cli.Data;

/// <summary>A model file of ML.NET with a trained segmentation in it.</summary>
internal sealed class TrainedModel : IDisposable
{
    private readonly ITransformer _pipeline;
    private readonly string _path;

    private TrainedModel(MLContext context, string path, ITransformer pipeline, AmbiguousSegmentationTransformer segmentation)
    {
        Context = context;
        _path = path;
        _pipeline = pipeline;
        Segmentation = segmentation;
    }

    /// <summary>The context that it was loaded with.</summary>
    public MLContext Context { get; }

    /// <summary>The segmentation.</summary>
    public AmbiguousSegmentationTransformer Segmentation { get; }

    /// <summary>Reads a model file.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is no model file, is damaged, or has no segmentation in it.</exception>
    public static TrainedModel Load(MLContext context, string path)
    {
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"Model file '{path}' does not exist.", path);
        }

        var pipeline = Read(context, path);
        var segmentation = Parts(pipeline).OfType<AmbiguousSegmentationTransformer>().ToArray();
        if (segmentation.Length == 1)
        {
            return new TrainedModel(context, path, pipeline, segmentation[0]);
        }

        (pipeline as IDisposable)?.Dispose();
        throw new InvalidDataException($"Model file '{path}' holds {segmentation.Length} segmentation models; give one with a single one in it.");
    }

    /// <summary>Writes a model file, under a temporary name first.</summary>
    public static void Save(MLContext context, ITransformer model, DataViewSchema schema, string path) =>
        WholeFile.Write(path, stream => context.Model.Save(model, schema, stream));

    /// <summary>Adds so many sampled masks, and the rest, to each row.</summary>
    public IDataView Transform(IDataView data, int samples)
    {
        var parts = Parts(_pipeline).Select(part => part is AmbiguousSegmentationTransformer ? Segmentation.WithSamples(samples) : part);
        return new TransformerChain<ITransformer>([.. parts]).Transform(data);
    }

    /// <summary>Opens a data set, its images cropped or resized as those were that the model was trained on.</summary>
    /// <exception cref="InvalidDataException">An image cannot be brought to the size that the model takes.</exception>
    public ImageSource Open(string path, ReadingOptions reading)
    {
        var model = Segmentation.Model.Images;
        var source = ImageSources.Open(path, model.Preprocessing, reading);
        if (Parts(_pipeline).Count() == 1 && source.Shape != model.Shape)
        {
            var remedy = source.Shape.Channels == model.Shape.Channels
                ? "it was trained without --crop and --size: give images of its size, or train again with one of them"
                : "give images of as many channels";
            throw new InvalidDataException($"The images of '{path}' are {source.Shape}, the model '{_path}' takes {model.Shape}; {remedy}.");
        }

        return source;
    }

    /// <summary>SHA-256 of weights and options: equal for equal models, whatever file they are in.</summary>
    public string Checksum()
    {
        using var hash = SHA256.Create();
        using (var stream = new CryptoStream(Stream.Null, hash, CryptoStreamMode.Write))
        {
            Segmentation.Model.Save(stream);
        }

        return Convert.ToHexString(hash.Hash!).ToLower(CultureInfo.InvariantCulture);
    }

    /// <summary>Frees the model.</summary>
    public void Dispose() => Segmentation.Dispose();

    private static IEnumerable<ITransformer> Parts(ITransformer pipeline) => pipeline is IEnumerable<ITransformer> chain ? chain : [pipeline];

    // ML.NET wraps what the loader of a transformer throws.
    private static Exception Cause(Exception exception)
    {
        var cause = exception;
        while (cause is not InvalidDataException && cause.InnerException is { } inner)
        {
            cause = inner;
        }

        return cause;
    }

    private static ITransformer Read(MLContext context, string path)
    {
        try
        {
            return context.Model.Load(path, out _);
        }
        catch (Exception exception) when (exception is not (OutOfMemoryException or UnauthorizedAccessException))
        {
            // ML.NET's reader throws exceptions of many types at damaged files.
            throw new InvalidDataException($"'{path}' is no model file that can be read: {ErrorText.Of(Cause(exception))}", exception);
        }
    }
}
