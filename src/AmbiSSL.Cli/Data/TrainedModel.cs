using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using AmbiSSL.Cli.Arguments;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace AmbiSSL.Cli.Data;

/// <summary>A model file of ML.NET with a trained segmentation in it.</summary>
internal sealed class TrainedModel : IDisposable
{
    private readonly ITransformer _pipeline;
    private readonly string _path;

    private TrainedModel(
        MLContext context,
        string path,
        string name,
        ITransformer pipeline,
        AmbiguousSegmentationTransformer segmentation,
        AmbiguousSegmentationEnsemble? pool = null)
    {
        Context = context;
        _path = path;
        Name = name;
        _pipeline = pipeline;
        Segmentation = segmentation;
        Pool = pool;
    }

    /// <summary>The context that it was loaded with.</summary>
    public MLContext Context { get; }

    /// <summary>The name of its file; of several, their names with + between.</summary>
    public string Name { get; }

    /// <summary>The table of its epochs, where <c>train</c> left one beside the file.</summary>
    public string EpochTablePath => Path.ChangeExtension(_path, "epochs.csv");

    /// <summary>The segmentation; of an ensemble the first, which tells how all of them see images.</summary>
    public AmbiguousSegmentationTransformer Segmentation { get; }

    /// <summary>The ensemble; null where there is a single model.</summary>
    public AmbiguousSegmentationEnsemble? Pool { get; }

    /// <summary>The model, or those of the ensemble.</summary>
    public IEnumerable<SegmentationModel> Models => Pool is null ? [Segmentation.Model] : Pool.Models.Select(model => model.Model);

    /// <summary>The classes that its masks tell apart.</summary>
    public MaskClasses Classes => Segmentation.Model.Classes;

    /// <summary>How the files of its training told the classes apart; null where nobody knows, or an ensemble's models learned from different ones.</summary>
    private ClassValues? ClassValues => Models.Select(model => model.Classes.Values?.ToString()).Distinct().Count() == 1 ? Classes.Values : null;

    /// <summary>Whether there are columns of outlines; those of an ensemble's models are none of its own.</summary>
    public bool HasOutlines => Pool is null && Segmentation.Model.Outlines is not null;

    /// <summary>Masks of each image.</summary>
    public int Samples => Pool?.Samples ?? Segmentation.Samples;

    /// <summary>Whether the model sees images as they are read: no other transform of the pipeline comes before it.</summary>
    private bool IsFirst => Parts(_pipeline).First() is AmbiguousSegmentationTransformer or AmbiguousSegmentationEnsemble;

    /// <summary>Reads a model file.</summary>
    /// <param name="context">The context to load it with.</param>
    /// <param name="path">The file.</param>
    /// <param name="device">Where the networks compute.</param>
    /// <param name="samples">Masks that each model in it draws of an image; null for as many as the file says.</param>
    /// <param name="imagesPerForward">Images that go through the networks together; null for as many as suit the device.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is no model file, is damaged, or has no segmentation in it.</exception>
    public static TrainedModel Load(MLContext context, string path, ComputeDevice device = default, int? samples = null, int? imagesPerForward = null)
    {
        var pipeline = context.AmbiguousSegmentation().LoadModel(path, device);
        if (Parts(pipeline).OfType<AmbiguousSegmentationTransformer>().ToArray() is [var only])
        {
            return new TrainedModel(context, path, NameOf(path), pipeline, Adapt(only));
        }

        if (pipeline is AmbiguousSegmentationEnsemble several)
        {
            AmbiguousSegmentationTransformer[] members = [.. several.Models.Select(Adapt)];
            return new TrainedModel(context, path, NameOf(path), several, members[0], context.AmbiguousSegmentation().Ensemble(members));
        }

        (pipeline as IDisposable)?.Dispose();
        throw new InvalidDataException($"Model file '{path}' does not hold exactly one segmentation model; give one that does.");

        AmbiguousSegmentationTransformer Adapt(AmbiguousSegmentationTransformer model)
        {
            var together = imagesPerForward ?? model.ImagesPerForward;
            return model.WithSamples(samples ?? model.Samples).WithBatchSize(Math.Max(model.BatchSize, together)).WithImagesPerForward(together);
        }
    }

    /// <summary>Reads a model file of one model, for what is not done with an ensemble.</summary>
    /// <param name="context">The context to load it with.</param>
    /// <param name="path">The file.</param>
    /// <param name="device">Where the networks compute.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is no model file, is damaged, or has no segmentation in it, or an ensemble.</exception>
    public static TrainedModel LoadSingle(MLContext context, string path, ComputeDevice device = default)
    {
        var model = Load(context, path, device);
        if (model.Pool is null)
        {
            return model;
        }

        model.Dispose();
        throw new InvalidDataException(
            $"Model file '{path}' holds an ensemble of {model.Pool.Models.Count} models, and this command takes one model; give the file of a single one.");
    }

    /// <summary>Several models as one; they belong to it.</summary>
    /// <exception cref="InvalidDataException">Their masks cannot be pooled.</exception>
    public static TrainedModel Ensemble(IReadOnlyList<TrainedModel> models)
    {
        var context = models[0].Context;
        if (models.FirstOrDefault(model => model._pipeline is not AmbiguousSegmentationTransformer) is { } other)
        {
            throw new InvalidDataException(
                $"Model file '{other._path}' holds more than a segmentation model, which cannot be part of an ensemble here; make one in a program.");
        }

        try
        {
            var pool = context.AmbiguousSegmentation().Ensemble(models.Select(model => model.Segmentation));
            var name = string.Join("+", models.Select(model => model.Name));
            return new TrainedModel(context, name, name, pool, models[0].Segmentation, pool);
        }
        catch (ArgumentException exception)
        {
            throw new InvalidDataException($"The models are no ensemble. {ErrorText.Of(exception)}", exception);
        }
    }

    /// <summary>Checks that ML.NET can write the temporary files that writing a model file takes.</summary>
    /// <exception cref="IOException">It cannot.</exception>
    public static void RequireTemporaryFolder()
    {
        try
        {
            Directory.CreateTempSubdirectory("ambissl-").Delete();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new IOException(
                $"Nothing can be written to '{Path.GetTempPath()}', where ML.NET keeps temporary files while it writes a model: let the environment "
                + $"variable {(OperatingSystem.IsWindows() ? "TMP" : "TMPDIR")} name another folder. {exception.Message}",
                exception);
        }
    }

    /// <summary>Writes a model file, under a temporary name first.</summary>
    public static void Save(MLContext context, ITransformer model, DataViewSchema schema, string path) =>
        AtomicFile.Write(path, stream => context.Model.Save(model, schema, stream));

    /// <summary>Adds sampled masks, and the rest, to each row.</summary>
    public IDataView Transform(IDataView data)
    {
        var parts = Parts(_pipeline).Select(
            part => part is AmbiguousSegmentationTransformer ? Segmentation : part is AmbiguousSegmentationEnsemble ? Pool! : part);
        return new TransformerChain<ITransformer>([.. parts]).Transform(data);
    }

    /// <summary>The same model with what was chosen on images with masks; disposing either ends both.</summary>
    /// <param name="data">The images.</param>
    /// <param name="coverage">What its outlines promise.</param>
    public TrainedModel Calibrate(IDataView data, double coverage)
    {
        var before = new TransformerChain<ITransformer>([.. Parts(_pipeline).TakeWhile(part => part is not AmbiguousSegmentationTransformer)]);
        var segmentation = Context.AmbiguousSegmentation().Calibrate(Segmentation, before.Transform(data), coverage);
        ITransformer pipeline = _pipeline is AmbiguousSegmentationTransformer
            ? segmentation
            : new TransformerChain<ITransformer>([.. Parts(_pipeline).Select(part => part is AmbiguousSegmentationTransformer ? segmentation : part)]);
        return new TrainedModel(Context, _path, Name, pipeline, segmentation);
    }

    /// <summary>Writes the model file, under a temporary name first.</summary>
    /// <param name="path">The file.</param>
    /// <param name="schema">The columns that the model reads.</param>
    public void Save(string path, DataViewSchema schema) => Save(Context, _pipeline, schema, path);

    /// <summary>
    /// Opens a data set, its images cropped or resized as those were that the model was trained on, and its masks, where nothing else is said, with
    /// classes that are stored as theirs were.
    /// </summary>
    /// <param name="arguments">The arguments.</param>
    /// <param name="data">Those that name the data set, and how its files are read.</param>
    /// <param name="text">Is told of classes that nobody named.</param>
    /// <exception cref="InvalidDataException">An image cannot be brought to the size that the model takes, or masks are stored otherwise.</exception>
    public ImageSource Open(ParseResult arguments, DataArguments data, TextWriter text)
    {
        var (model, path, reading) = (Segmentation.Model.Images, data.Path(arguments), data.Reading(arguments));
        ImageSource Read(ReadingOptions how) => data.Stacked(arguments, ImageSources.Open(path, model.Preprocessing, how));
        var source = reading.WithoutMasks || reading.Classes is not null || ClassValues is not { } classes
            ? Read(reading)
            : ReadWith(classes, reading, Read, text);
        if (IsFirst && source.Shape != model.Shape)
        {
            var remedy = source.Shape.Channels == model.Shape.Channels
                ? "it was trained without --crop and --size: give images of its size, or train again with one of them"
                : "give images of as many channels, with --slices where it was trained on neighboring slices";
            throw new InvalidDataException($"The images of '{path}' are {source.Shape}, the model '{_path}' takes {model.Shape}; {remedy}.");
        }

        return source;
    }

    /// <summary>Opens a data set whose masks have the classes of the training, or none.</summary>
    private static ImageSource ReadWith(ClassValues classes, ReadingOptions reading, Func<ReadingOptions, ImageSource> read, TextWriter text)
    {
        var (source, fault) = TryRead(reading with { Classes = classes });
        if (source is not null)
        {
            if (HasMasks(source))
            {
                text.WriteLine($"Masks have classes as in the model's training, {classes}; --classes says others.");
            }

            return source;
        }

        // Without classes the fault is gone where there are no masks, and the same where it is none of classes.
        var (plain, other) = TryRead(reading);
        return plain is not null && !HasMasks(plain) ? plain
            : throw (other?.Message == fault!.Message ? fault : new InvalidDataException(
                $"{ErrorText.Of(fault)} The classes are those of the model's training, {classes}; --classes says others.", fault));

        static bool HasMasks(ImageSource opened) => opened.Records.Any(record => record.IsLabeled);

        (ImageSource? Source, Exception? Fault) TryRead(ReadingOptions how)
        {
            try
            {
                return (read(how), null);
            }
            catch (Exception exception) when (exception is InvalidDataException or ArgumentException)
            {
                return (null, exception);
            }
        }
    }

    /// <summary>An image with the classes of the model, which its masks must have.</summary>
    /// <exception cref="InvalidDataException">They have others.</exception>
    public AnnotatedImage WithClasses(AnnotatedImage image)
    {
        if (image.Annotations.Classes == Classes)
        {
            return image;
        }

        return image.Annotations.Count == 0
            ? new AnnotatedImage(image.Id, image.Subject, image.Pixels, new MaskSet(image.Shape.Size, [], null, null, Classes))
            : throw new InvalidDataException(
                $"The masks of image '{image.Id}' are of {image.Annotations.Classes}, those of the model '{_path}' of {Classes}; "
                + "say with --classes how the model's classes are stored.");
    }

    /// <summary>An image as it is to be shown: through the intensity window of the model, where it has one and nothing else comes before it.</summary>
    /// <param name="image">The image.</param>
    /// <param name="source">The type in which it was stored before it was resized.</param>
    public AnnotatedImage Show(AnnotatedImage image, PixelType source)
    {
        var model = Segmentation.Model;
        return model.Images.Intensities?.Window is null || !IsFirst
            ? image
            : new AnnotatedImage(
                image.Id, image.Subject, new ImagePixels(image.Shape, model.ToInput(image.Pixels, source)), image.Annotations);
    }

    /// <summary>The digest of the model; of several, SHA-256 of their digests.</summary>
    public string Digest() => Pool is null
        ? Segmentation.Model.Digest()
        : Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Concat(Models.Select(model => model.Digest())))));

    /// <summary>Frees the model.</summary>
    public void Dispose()
    {
        Segmentation.Dispose();
        Pool?.Dispose();
    }

    private static string NameOf(string path) => Path.GetFileNameWithoutExtension(path);

    private static IEnumerable<ITransformer> Parts(ITransformer pipeline) => pipeline is IEnumerable<ITransformer> chain ? chain : [pipeline];
}
