using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using AmbiSSL.Cli.Arguments;
using AmbiSSL.Cli.Data;
using Microsoft.ML;
using TorchSharp;

namespace AmbiSSL.Cli.Output;

/// <summary>What there is to say of models, data sets and the tool, as names and values.</summary>
internal static class Description
{
    /// <summary>Method, sizes and options of a model, or of each model of an ensemble.</summary>
    public static IEnumerable<(string Name, string Value)> OfModel(TrainedModel trained) => trained.Pool is null
        ? OfModel(trained.Segmentation.Model)
        : [("ensemble", $"{trained.Models.Count()} models"), Checksum(trained.Digest()), .. trained.Models.SelectMany(OfModel)];

    private static IEnumerable<(string Name, string Value)> OfModel(SegmentationModel model)
    {
        yield return ("method", model.Options.MethodName);
        yield return ("images", $"{model.Shape} (channels x height x width)");
        yield return ("preprocessing", model.Images.Preprocessing.ToString());
        yield return ("intensities", Intensities(model));
        if (model.Classes != MaskClasses.One)
        {
            yield return ("classes", model.Classes.Values is null ? $"{model.Classes}" : $"{model.Classes}, from {model.Classes.Values}");
        }

        yield return ("annotators", Number(model.Annotators));
        if (model.KnowsAnnotators)
        {
            yield return ("readers", Readers(model));
        }

        foreach (var answer in OfAnswers(model))
        {
            yield return answer;
        }

        yield return ("parameters", Number(model.ParameterCount));
        yield return Checksum(model.Digest());
        foreach (var (name, value) in MethodSettings.FromOptions(model.Options).Where(option => option.Key != MethodSettings.MethodKey))
        {
            yield return ($"  {name}", value?.ToJsonString() ?? "null");
        }
    }

    /// <summary>Images, subjects, annotators and folds of a data set.</summary>
    public static IEnumerable<(string Name, string Value)> OfData(ImageSource source)
    {
        var records = source.Records;
        yield return ("images", $"{Number(records.Count)} of {source.Shape} (channels x height x width)");
        yield return ("intensities", Intensities(source.Format.Source));
        yield return ("subjects", Number(Subjects(records)));
        yield return ("labeled", $"{Number(records.Count(record => record.IsLabeled))} images");
        yield return ("unlabeled", $"{Number(records.Count(record => !record.IsLabeled))} images");
        if (source.Classes != MaskClasses.One)
        {
            yield return ("classes", $"{source.Classes}");
        }

        foreach (var file in source.LeftOut)
        {
            yield return ("left out", file.ToString());
        }

        if (records.All(record => record.Readers.Count == 0))
        {
            yield return ("readers", "none named: the masks of an image are a set without order");
        }

        var names = records.SelectMany(record => record.Readers).ToLookup(name => name, StringComparer.Ordinal);
        foreach (var reader in names.Select(name => name.Key).Order(StringComparer.Ordinal))
        {
            yield return ($"  reader {reader}", $"{Number(names[reader].Count())} masks");
        }

        foreach (var images in records.Where(record => record.IsLabeled).GroupBy(record => record.Annotators.Count).OrderBy(group => group.Key))
        {
            yield return ($"  with {images.Key} masks", $"{Number(images.Count())} images");
        }

        if (records.All(record => record.Fold is null))
        {
            yield return ("folds", "none named; --folds and --seed make them");
        }

        foreach (var fold in records.Where(record => record.Fold is not null).GroupBy(record => record.Fold).OrderBy(group => group.Key))
        {
            yield return ($"  fold {fold.Key}", $"{Number(fold.Count())} images of {Number(Subjects(fold))} subjects");
        }
    }

    /// <summary>Versions, device, threads, native library, licenses.</summary>
    public static IEnumerable<(string Name, string Value)> OfTool()
    {
        TorchRuntime.EnsureLoaded();
        yield return ("ambissl", Version(typeof(AmbiguousSegmentationEstimator)));
        yield return ("ML.NET", Version(typeof(MLContext)));
        yield return ("TorchSharp", Version(typeof(torch)));
        yield return ("libtorch", LibTorch());
        yield return (".NET", $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier}");
        yield return ("device", torch.cuda.is_available() ? $"cuda:0, of {torch.cuda.device_count()} CUDA devices" : "cpu, of 0 CUDA devices");
        yield return ("threads", $"{Number(torch.get_num_threads())}, of {Number(Environment.ProcessorCount)} processors");
        yield return ("licenses", "AmbiSSL, ML.NET, TorchSharp, SkiaSharp, PureHDF, Spectre.Console, System.CommandLine: MIT");
        yield return ("", "libtorch: BSD 3-Clause; CsvHelper: MS-PL or Apache 2.0");
        yield return ("", "Not a medical device.");
    }

    /// <summary>What a model does to its masks and probabilities, and its outlines.</summary>
    public static (string Name, string Value)[] OfAnswers(SegmentationModel model) =>
    [
        ("post-processing", model.Classes.Count == 1
            ? model.PostProcessing[0].ToString()
            : string.Join("; ", model.Classes.Names.Zip(model.PostProcessing, (name, own) => $"{name}: {own}"))),
        ("consensus", FormattableString.Invariant($"probability above {model.ConsensusThreshold:G4}")),
        ("temperature", FormattableString.Invariant($"{model.Temperature:G4}")),
        ("outlines", model.Outlines?.ToString() ?? "none"),
    ];

    /// <summary>Who the annotators are whom a model knows apart.</summary>
    public static string Readers(SegmentationModel model) =>
        model.Readers.Count > 0 ? string.Join(", ", model.Readers) : "ranks by area, since the training data names nobody";

    /// <summary>What the intensities of a model's images were, and what becomes of those of others.</summary>
    public static string Intensities(SegmentationModel model)
    {
        var (images, scale, asked) = (model.Images, model.Images.Intensities!, model.Options.Training.IntensityWindow);
        return scale.Window is null
            ? FormattableString.Invariant($"{Intensities(images.Source)}; {scale.Lowest:G6} to {scale.Highest:G6} in training")
            : FormattableString.Invariant($"{images.Source}, {scale.Lowest:G6} to {scale.Highest:G6} in training; window {scale.Window}")
                + (asked is { OfPercentiles: true } ? $" ({asked} of the training images)" : "");
    }

    private static (string Name, string Value) Checksum(string digest) =>
        ("checksum", $"{digest} (SHA-256 of weights and options)");

    private static string Intensities(PixelType type) =>
        type == PixelType.Float32 ? "Float32, as they are" : $"{type}, which stands for 0 to 1";

    private static string LibTorch()
    {
        var module = Process.GetCurrentProcess().Modules.Cast<ProcessModule>()
            .FirstOrDefault(module => Path.GetFileNameWithoutExtension(module.ModuleName) is "torch_cpu" or "libtorch_cpu");
        return module is null ? "not loaded" : $"from {module.FileName}";
    }

    private static string Version(Type type)
    {
        var version = type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "?";
        return version.Split('+')[0];
    }

    private static int Subjects(IEnumerable<ImageRecord> records) => records.Select(record => record.Subject).Distinct(StringComparer.Ordinal).Count();

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
