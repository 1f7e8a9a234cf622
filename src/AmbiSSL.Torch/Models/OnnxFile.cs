using System.Globalization;
using System.Reflection;
using AmbiSSL.Torch.Answers;
using AmbiSSL.Torch.Inference;
using AmbiSSL.Torch.Methods;
using AmbiSSL.Torch.Metrics;
using AmbiSSL.Torch.Onnx;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Models;

/// <summary>A trained model as an ONNX file: pixels as they are stored go in; masks, their mean and their doubt come out.</summary>
internal static class OnnxFile
{
    private const string IntendedUse =
        "Research on the disagreement of experts. No medical device; not for diagnosis, treatment or any other decision about a patient.";

    /// <summary>Writes a model, which no other thread uses where it is written in 8 bits. The stream stays open and need not seek.</summary>
    /// <exception cref="ArgumentException">There is no image to take ranges from.</exception>
    /// <exception cref="InvalidDataException">One is not as the model takes it.</exception>
    /// <exception cref="InvalidOperationException">The weights are larger than an ONNX file can be, or 8 bits are asked for and cannot be.</exception>
    public static void Write(Stream stream, SegmentationModel model, OnnxExportOptions options)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var graph = new OnnxGraph(options.Int8Images is { } images ? ActivationRanges.Of(model, images) : []);
        var image = graph.Input("image", OnnxType.Float, "batch", model.Shape.Channels, "height", "width");
        var samples = options.BakedSamples ?? (model.Method.NoiseDimensions > 0 ? null : model.KnowsAnnotators ? model.Annotators : 1);
        var noise = samples is { } count
            ? BakedNoise(graph, model.Method, count, options.BakedSeed ?? model.Options.Seed!.Value)
            : NoiseInput(graph, model.Method);
        var probabilities = model.Method.Export(graph, ToInput(graph, image, model.Images), noise);
        WriteOutputs(graph, probabilities, samples is { } masks ? masks : "samples", model);
        var file = graph.ToFile(Version(), Describe(model), Metadata(model, options));
        try
        {
            _ = file.Size;
        }
        catch (OverflowException exception)
        {
            throw new InvalidOperationException("The model's weights take 2 GB or more, which no ONNX file holds; train one with fewer filters.", exception);
        }

        file.WriteTo(stream);
    }

    /// <summary>What <see cref="IntensityScale.ToInput"/> makes of pixels as they are stored.</summary>
    private static OnnxValue ToInput(OnnxGraph graph, OnnxValue image, ImageFormat format)
    {
        if (format.Intensities!.Window is { } window)
        {
            var (low, high) = ((float)window.Low, (float)window.High);
            var scaled = graph.Divide(graph.Subtract(image, graph.Constant(low)), graph.Constant(high - low));
            return graph.Apply("Clip", [scaled, graph.Constant(0f), graph.Constant(1f)]);
        }

        return format.Source switch
        {
            PixelType.UInt8 => graph.Divide(image, graph.Constant((float)byte.MaxValue)),
            PixelType.UInt16 => graph.Divide(image, graph.Constant((float)ushort.MaxValue)),
            _ => image,
        };
    }

    private static OnnxNoise NoiseInput(OnnxGraph graph, SegmentationMethod method)
    {
        var noise = graph.Input("noise", OnnxType.Float, "batch", "samples", method.NoiseDimensions);
        return new OnnxNoise(noise, noise);
    }

    /// <summary>The noise that images without values would have.</summary>
    private static OnnxNoise BakedNoise(OnnxGraph graph, SegmentationMethod method, int samples, int seed)
    {
        var ofSamples = Draw(samples);
        return new OnnxNoise(ofSamples, method.AnnotatorNoiseVectors > 0 ? Draw(method.AnnotatorNoiseVectors) : ofSamples);

        OnnxValue Draw(int vectors) =>
            graph.Constant(new SampleNoise([], seed).Draw(vectors, method.NoiseDimensions, method.CodeSampling).unsqueeze(0));
    }

    private static void WriteOutputs(OnnxGraph graph, OnnxProbabilities probabilities, OnnxDimension samples, SegmentationModel model)
    {
        var activation = model.Method.Activation;
        var mean = AtTemperature(graph, graph.Mean(probabilities.Samples, [1], keepsAxes: false), model.Temperature, activation.IsExclusive);
        OnnxDimension[] perClass = activation.Count == 1 ? [] : [activation.Count];
        OnnxDimension[] planes = activation.IsExclusive ? [] : perClass;
        graph.Output("masks", activation.ExportMasks(graph, probabilities.Samples), OnnxType.UInt8, ["batch", samples, .. planes, "height", "width"]);
        graph.Output("probability", activation.Count == 1 ? graph.Squeeze(mean, 1) : mean, OnnxType.Float, ["batch", .. perClass, "height", "width"]);
        graph.Output("uncertainty", Entropy(graph, mean, activation.IsExclusive), OnnxType.Float, "batch", "height", "width");
        if (probabilities.Annotators is { } own)
        {
            OnnxDimension[] shape = ["batch", model.Annotators, .. planes, "height", "width"];
            graph.Output("annotator_masks", activation.ExportMasks(graph, own), OnnxType.UInt8, shape);
        }
    }

    /// <summary>What <see cref="TemperatureScaling.Apply(Span{float}, double, MaskClasses, int)"/> makes of probabilities [B, K, H, W].</summary>
    private static OnnxValue AtTemperature(OnnxGraph graph, OnnxValue probability, double temperature, bool isExclusive)
    {
        if (temperature == TemperatureScaling.Neutral)
        {
            return probability;
        }

        if (isExclusive)
        {
            var background = graph.Subtract(graph.Constant(1f), graph.Sum(probability, 1, keepsAxis: true));
            var all = graph.Apply("Max", [graph.Concatenate(1, background, probability), graph.Constant((float)ProbabilityLevels.Smallest)]);
            var powers = graph.Apply("Pow", [all, graph.Constant((float)(1 / temperature))]);
            return graph.Slice(graph.Divide(powers, graph.Sum(powers, 1, keepsAxis: true)), axis: 1, start: 1);
        }

        var limit = (float)ProbabilityLevels.Logit(1);
        var odds = graph.Divide(probability, graph.Subtract(graph.Constant(1f), probability));
        var logit = graph.Apply("Clip", [graph.Apply("Log", [odds]), graph.Constant(-limit), graph.Constant(limit)]);
        return graph.Sigmoid(graph.Divide(logit, graph.Constant((float)temperature)));
    }

    /// <summary>What <see cref="ClassProbabilities.Entropy"/> computes of probabilities [B, K, H, W], [B, H, W].</summary>
    private static OnnxValue Entropy(OnnxGraph graph, OnnxValue probability, bool isExclusive)
    {
        var other = graph.Subtract(graph.Constant(1f), isExclusive ? graph.Sum(probability, 1, keepsAxis: true) : probability);
        var nats = isExclusive
            ? graph.Sum(Part(graph.Concatenate(1, probability, graph.Apply("Max", [other, graph.Constant(0f)]))), 1, keepsAxis: false)
            : graph.Mean(graph.Add(Part(probability), Part(other)), [1], keepsAxes: false);
        return graph.Divide(nats, graph.Constant(-MathF.Log(2)));

        // The logarithm of 0 is no number; 0 times any other one is 0.
        OnnxValue Part(OnnxValue p) => graph.Multiply(p, graph.Apply("Log", [graph.Apply("Max", [p, graph.Constant(float.Epsilon * (1 << 23))])]));
    }

    private static string Describe(SegmentationModel model) =>
        $"Segmentation of images whose experts disagree, trained with {model.Options.MethodName} on images of {model.Shape}, preprocessing "
        + $"{model.Images.Preprocessing}. {IntendedUse}";

    private static Dictionary<string, string> Metadata(SegmentationModel model, OnnxExportOptions options)
    {
        var texts = ModelDescription.Of(model).ToTexts();
        texts["method"] = model.Options.MethodName;
        texts["intended_use"] = IntendedUse;
        if (model.Method.AnnotatorNoiseVectors > 0)
        {
            texts["annotator_samples"] = model.Method.AnnotatorNoiseVectors.ToString(CultureInfo.InvariantCulture);
        }

        if (options.BakedSamples is not null)
        {
            texts["baked_seed"] = (options.BakedSeed ?? model.Options.Seed!.Value).ToString(CultureInfo.InvariantCulture);
        }

        if (options.Int8Images is { } images)
        {
            texts["int8_images"] = ActivationRanges.Count(images).ToString(CultureInfo.InvariantCulture);
        }

        return texts;
    }

    private static string Version() =>
        typeof(OnnxFile).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
}
