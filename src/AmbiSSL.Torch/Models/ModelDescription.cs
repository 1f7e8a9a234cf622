using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using AmbiSSL.Torch.Answers;
using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Imaging;

namespace AmbiSSL.Torch.Models;

/// <summary>What a model file tells of its model in words: all but the weights.</summary>
/// <param name="Options">The options it was trained with, the seed among them.</param>
/// <param name="Images">Size, scale and preprocessing of its images.</param>
/// <param name="Annotators">Number of readers, or, where none are known, the most masks that a training image had.</param>
/// <param name="Readers">Their names; empty where annotators are ranks, or not known apart.</param>
/// <param name="TrainedEpochs">Epochs after which the weights were taken.</param>
/// <param name="Answers">What it does to its samples and to their mean.</param>
/// <param name="FeatureRange">What the encoder sees of the training images; null where nothing is known of it.</param>
internal sealed record ModelDescription(
    SegmentationOptions Options,
    ImageFormat Images,
    int Annotators,
    IReadOnlyList<string> Readers,
    int TrainedEpochs,
    AnswerSettings Answers,
    FeatureRange? FeatureRange)
{
    private const string Format = "ambissl";
    private const string Version = "1";
    private const string None = "none";
    private const string FormatKey = "format";
    private const string VersionKey = "version";
    private const string OptionsKey = "options";
    private const string ImagesKey = "images";
    private const string AnnotatorsKey = "annotators";
    private const string ClassesKey = "classes";
    private const string ReadersKey = "readers";
    private const string TrainedEpochsKey = "trained_epochs";
    private const string PostProcessingKey = "post_processing";
    private const string ConsensusThresholdKey = "consensus_threshold";
    private const string TemperatureKey = "temperature";
    private const string OutlinesKey = "outlines";
    private const string FeatureRangeKey = "feature_range";

    private static readonly StoredJson Strict = new(new JsonSerializerOptions
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter<PixelType>(namingPolicy: null, allowIntegerValues: false) },
    });

    /// <summary>The classes of its masks.</summary>
    public MaskClasses Classes => Answers.Classes;

    /// <summary>The description of a model.</summary>
    public static ModelDescription Of(SegmentationModel model) =>
        new(model.Options, model.Images, model.Annotators, model.Readers, model.TrainedEpochs, model.Answers, model.FeatureRange);

    /// <summary>The description as the metadata of a file; one class is not told.</summary>
    public Dictionary<string, string> ToTexts()
    {
        var texts = new Dictionary<string, string>
        {
            [FormatKey] = Format,
            [VersionKey] = Version,
            [OptionsKey] = JsonSerializer.Serialize(Options, Strict.SegmentationOptions),
            [ImagesKey] = JsonSerializer.Serialize(Images, Strict.ImageFormat),
            [AnnotatorsKey] = Annotators.ToString(CultureInfo.InvariantCulture),
            [ReadersKey] = JsonSerializer.Serialize([.. Readers], Strict.StringArray),
            [TrainedEpochsKey] = TrainedEpochs.ToString(CultureInfo.InvariantCulture),
            [PostProcessingKey] = OfClasses([.. Answers.PostProcessing], Strict.PostProcessing, Strict.PostProcessingArray),
            [ConsensusThresholdKey] = Answers.ConsensusThreshold.ToString("R", CultureInfo.InvariantCulture),
            [TemperatureKey] = Answers.Temperature.ToString("R", CultureInfo.InvariantCulture),
            [OutlinesKey] = Answers.Outlines is not { } outlines ? None : OfClasses(Thresholds(outlines), Strict.ClassOutlines, Strict.ClassOutlinesArray),
            [FeatureRangeKey] = FeatureRange is null ? None : JsonSerializer.Serialize(FeatureRange, Strict.FeatureRange),
        };
        if (Classes != MaskClasses.One)
        {
            texts[ClassesKey] = JsonSerializer.Serialize(Classes, Strict.MaskClasses);
        }

        return texts;
    }

    /// <summary>Reads the description in a header, and checks that a model can be made of it and that the tensors are its weights.</summary>
    /// <param name="header">The header of the file.</param>
    /// <param name="name">What error messages call the file.</param>
    /// <exception cref="InvalidDataException">The file is foreign, of another version, or tells something impossible.</exception>
    public static ModelDescription Read(SafetensorsHeader header, string name)
    {
        var texts = header.Metadata;
        if (texts.GetValueOrDefault(FormatKey) != Format)
        {
            throw new InvalidDataException($"{name} is a safetensors file, but no AmbiSSL model: its metadata lacks {FormatKey}={Format}.");
        }

        if (texts.GetValueOrDefault(VersionKey) != Version)
        {
            throw new InvalidDataException(
                $"{name} has model version {texts.GetValueOrDefault(VersionKey)}; this package reads version {Version}. Install the package that "
                + $"wrote it, or train it again.{PackageVersion.Remark(texts)}");
        }

        try
        {
            var classes = texts.ContainsKey(ClassesKey) ? Parse(texts, ClassesKey, Strict.MaskClasses) : MaskClasses.One;
            var description = new ModelDescription(
                Parse(texts, OptionsKey, Strict.SegmentationOptions),
                Parse(texts, ImagesKey, Strict.ImageFormat),
                Number(texts, AnnotatorsKey),
                Parse(texts, ReadersKey, Strict.StringArray),
                Number(texts, TrainedEpochsKey),
                new AnswerSettings(classes)
                {
                    PostProcessing = OfClasses(texts, PostProcessingKey, classes, Strict.PostProcessing, Strict.PostProcessingArray),
                    ConsensusThreshold = double.Parse(Text(texts, ConsensusThresholdKey), NumberStyles.Float, CultureInfo.InvariantCulture),
                    Temperature = double.Parse(Text(texts, TemperatureKey), NumberStyles.Float, CultureInfo.InvariantCulture),
                    Outlines = Text(texts, OutlinesKey) == None
                        ? null
                        : Outline(OfClasses(texts, OutlinesKey, classes, Strict.ClassOutlines, Strict.ClassOutlinesArray)),
                },
                Text(texts, FeatureRangeKey) == None ? null : Parse(texts, FeatureRangeKey, Strict.FeatureRange));
            description.Validate();
            description.RequireTexts(texts);
            description.RequireWeights(header);
            return description;
        }
        catch (Exception e) when (e is NotSupportedException or ArgumentException or FormatException or OverflowException or InvalidDataException)
        {
            throw new InvalidDataException($"{name} holds a model that this package cannot rebuild: {e.Message}{PackageVersion.Remark(texts)}", e);
        }
    }

    // What one class has is told as it is, what several have as a list.
    private static string OfClasses<T>(T[] values, JsonTypeInfo<T> type, JsonTypeInfo<T[]> types) =>
        values.Length == 1 ? JsonSerializer.Serialize(values[0], type) : JsonSerializer.Serialize(values, types);

    private static T[] OfClasses<T>(IReadOnlyDictionary<string, string> texts, string key, MaskClasses classes, JsonTypeInfo<T> type, JsonTypeInfo<T[]> types)
    {
        var values = classes.Count == 1 ? [Parse(texts, key, type)] : Parse(texts, key, types);
        Require(values.Length == classes.Count && Array.TrueForAll(values, value => value is not null), $"its {key} are not of the classes {classes}.");
        return values;
    }

    private static ClassOutlines[] Thresholds(ConformalOutlines outlines) =>
        [.. outlines.InnerThresholds.Zip(outlines.OuterThresholds, (inner, outer) => new ClassOutlines(outlines.Coverage, inner, outer))];

    private static ConformalOutlines Outline(ClassOutlines[] thresholds) =>
        new(thresholds[0].Coverage, [.. thresholds.Select(own => own.InnerThreshold)], [.. thresholds.Select(own => own.OuterThreshold)]);

    private static T Parse<T>(IReadOnlyDictionary<string, string> texts, string key, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(Text(texts, key), type) ?? throw new FormatException($"its {key} are null.");
        }
        catch (JsonException exception)
        {
            throw new FormatException(
                exception.Path is { Length: > 2 } path
                    ? $"its {key} have an unknown name, or a value of the wrong kind, at {path[2..]}."
                    : $"its {key} cannot be read.",
                exception);
        }
    }

    private static int Number(IReadOnlyDictionary<string, string> texts, string key) =>
        int.TryParse(Text(texts, key), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException($"its {key} are '{texts[key]}', which is no number of 32 bits.");

    private static string Text(IReadOnlyDictionary<string, string> texts, string key) =>
        texts.GetValueOrDefault(key) ?? throw new FormatException($"its metadata lacks '{key}'.");

    private void Validate()
    {
        Options.Validate();
        Answers.Validate();
        OptionRange.Require(Options.Seed is not null, nameof(Options.Seed), null, "a number in a model");
        OptionRange.Require(Images.Preprocessing is not null, nameof(Images.Preprocessing), null, "how images are cropped or resized");
        Images.Preprocessing!.Validate();
        OptionRange.Require(Images.Intensities is not null, nameof(Images.Intensities), null, "the scale of the training images");
        Images.Intensities!.Validate();
        var (asked, window) = (Options.Training.IntensityWindow, Images.Intensities.Window);
        Require(
            asked is { OfPercentiles: true } ? window is not null : asked == window,
            $"its images have the intensity window {Text(window)}, where its options ask for {Text(asked)}.");
        var shape = SegmentationModel.ShapeOf(Options, Images);
        var (channels, height, width) = shape;
        var values = (Int128)Math.Max(channels, Math.Max(Options.Samples, (long)Annotators) * Classes.Count) * height * width;
        Require(channels >= 1 && height >= 1 && width >= 1, $"its images are {shape}; all of these must be at least 1.");
        Require(Annotators >= 1, $"it has {Annotators} annotators; there must be at least 1.");
        if (Readers.Count > 0)
        {
            Require(Options.KnowsAnnotators, $"it names readers, whom {Options.MethodName} does not know apart.");
            var fault = ReaderNames.Fault(Readers, Annotators);
            Require(fault is null, $"in its metadata {fault}.");
        }

        Require(
            values * sizeof(float) <= Array.MaxLength,
            $"its images are {shape}, with {Options.Samples} samples and {Annotators} "
            + $"annotators{(Classes.Count > 1 ? $" of {Classes.Count} classes" : "")}: more values than an array holds.");
        Require(
            Images.Shape.IsAnySize == Images.Preprocessing.AnySize,
            $"its images are {Images.Shape}, which '{Images.Preprocessing}' does not give.");
        Require(
            (Images.Preprocessing.Crop ?? Images.Preprocessing.Resize ?? Images.Shape.Size) == Images.Shape.Size,
            $"its images are {Images.Shape}, which '{Images.Preprocessing}' does not give.");
        Require(
            FeatureRange is not { } range || (range.Means is not null && range.Deviations is not null && range.Fits(Options.Backbone.CoarsestFeatures)),
            $"its feature_range is not of the {Options.Backbone.CoarsestFeatures} coarsest features of its encoder.");
        Require(TrainedEpochs <= Options.Epochs, $"it was trained for {TrainedEpochs} of {Options.Epochs} epochs.");
    }

    private static string Text(IntensityWindow? window) => window?.ToString() ?? "none";

    /// <summary>Requires the texts to be those that would be written today: no further name, no other spelling.</summary>
    private void RequireTexts(IReadOnlyDictionary<string, string> texts)
    {
        var own = ToTexts();
        foreach (var (key, text) in texts.Where(text => text.Key is not (SealedTensors.SealKey or PackageVersion.Key)))
        {
            Require(own.ContainsKey(key), $"its metadata has the unknown name '{key}'.");
            Require(own[key] == text, $"its metadata '{key}' is not written as this version writes it.");
        }
    }

    private void RequireWeights(SafetensorsHeader header) => StoredWeights.RequireFit(
        WeightTable.Of(Options, Images.Shape, Annotators, Classes),
        [.. header.Entries.Select(entry => new WeightShape(entry.Name, entry.Type, entry.Shape))]);

    private static void Require(bool condition, string problem)
    {
        if (!condition)
        {
            throw new FormatException(problem);
        }
    }
}
