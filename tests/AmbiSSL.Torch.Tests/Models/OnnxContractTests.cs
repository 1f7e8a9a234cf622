using System.Text.RegularExpressions;
using AmbiSSL.Torch.Answers;
using AmbiSSL.Torch.Metrics;
using AmbiSSL.Torch.Tests.Methods;
using Microsoft.ML.OnnxRuntime;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Models;

/// <summary>Names, shapes and types of an exported file, on which programs in other languages build; docs/howto/onnx.md prints them.</summary>
public sealed class OnnxContractTests : TorchFixture
{
    private static readonly ImageShape Shape = new(1, 20, 24);

    [Test]
    public void Noise_is_an_input_and_decides_the_number_of_masks()
    {
        using var model = Model(AmbiSSLOptions.Word);
        using var exported = new OnnxModel(model);

        Assert.That(
            Describe(exported.Session.InputMetadata),
            Is.EqualTo((string[])["image Single [batch, 1, height, width]", "noise Single [batch, samples, 2]"]));
        Assert.That(Describe(exported.Session.OutputMetadata), Is.EqualTo((string[])
        [
            "masks Byte [batch, samples, height, width]", "probability Single [batch, height, width]", "uncertainty Single [batch, height, width]",
        ]));
    }

    [Test]
    public void With_baked_noise_the_image_is_the_only_input()
    {
        using var model = Model(PiononoOptions.Word);
        using var exported = new OnnxModel(model, new OnnxExportOptions { BakedSamples = 5 });

        Assert.That(Describe(exported.Session.InputMetadata), Is.EqualTo((string[])["image Single [batch, 1, height, width]"]));
        Assert.That(Describe(exported.Session.OutputMetadata), Is.EqualTo((string[])
        [
            "masks Byte [batch, 5, height, width]", "probability Single [batch, height, width]", "uncertainty Single [batch, height, width]",
            "annotator_masks Byte [batch, 3, height, width]",
        ]));
    }

    [Test]
    public void A_method_without_codes_draws_each_annotator_once()
    {
        using var model = Model(GlobalConfusionMatrixOptions.Word);
        using var exported = new OnnxModel(model);

        Assert.That(Describe(exported.Session.InputMetadata), Is.EqualTo((string[])["image Single [batch, 1, height, width]"]));
        Assert.That(Describe(exported.Session.OutputMetadata).First(), Is.EqualTo("masks Byte [batch, 3, height, width]"));
    }

    [Test]
    public void The_plain_network_has_one_mask()
    {
        using var model = Model(OneMaskOptions.Word);
        using var exported = new OnnxModel(model);

        Assert.That(Describe(exported.Session.OutputMetadata).First(), Is.EqualTo("masks Byte [batch, 1, height, width]"));
    }

    [Test]
    public void The_configuration_of_Triton_that_is_printed_is_that_of_the_file()
    {
        using var model = Model(AmbiSSLOptions.Word);
        using var exported = new OnnxModel(model, new OnnxExportOptions { BakedSamples = 10 });
        var page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "onnx.md"));

        // What Triton's batch stands for is not in its dims.
        var printed = Regex.Matches(page, @"name: ""(\w+)"", data_type: TYPE_(\w+), dims: \[ ([-0-9, ]+) \]").Select(
            line => $"{line.Groups[1]} {TypeName(line.Groups[2].Value)} [-1, {line.Groups[3]}]");

        Assert.That(printed, Is.EqualTo(
            exported.Session.InputMetadata.Concat(exported.Session.OutputMetadata).Select(
                value => $"{value.Key} {value.Value.ElementType.Name} [{string.Join(", ", value.Value.Dimensions)}]")));
    }

    [Test]
    public void The_names_of_Spark_and_Python_that_are_printed_are_those_of_the_file()
    {
        using var model = Model(AmbiSSLOptions.Word);
        using var exported = new OnnxModel(model);
        using var baked = new OnnxModel(model, new OnnxExportOptions { BakedSamples = 10 });
        var page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "onnx.md"));

        Assert.That(Quoted(page, @"setFeedDict\(\{(.*?)\}\)").Where((_, place) => place % 2 == 0), Is.EqualTo(baked.Session.InputNames));
        Assert.That(Quoted(page, @"setFetchDict\(\{(.*?)\}\)").Where((_, place) => place % 2 == 1), Is.SubsetOf(baked.Session.OutputNames));
        Assert.That(Quoted(page, @"session\.run\(\[(.*?)\]"), Is.EqualTo(exported.Session.OutputNames));
        Assert.That(Quoted(page, @"session\.run\(\[.*?\{(.*?)\}"), Is.EqualTo(exported.Session.InputNames));
    }

    [Test]
    public void Metadata_tell_what_the_model_is()
    {
        using var model = Model(PiononoOptions.Word);
        using var exported = new OnnxModel(model, new OnnxExportOptions { BakedSamples = 5, BakedSeed = 11 });

        var metadata = exported.Session.ModelMetadata;
        Assert.That(metadata.ProducerName, Is.EqualTo("AmbiSSL"));
        Assert.That(metadata.Description, Does.Contain("No medical device"));
        Assert.That(metadata.CustomMetadataMap, Is.SupersetOf(new Dictionary<string, string>
        {
            ["format"] = "ambissl", ["version"] = "1", ["method"] = "pionono", ["readers"] = "[]", ["annotators"] = "3", ["annotator_samples"] = "20",
            ["baked_seed"] = "11",
        }));
        Assert.That(metadata.CustomMetadataMap["options"], Does.StartWith("{\"method\":\"pionono\""));
        Assert.That(metadata.CustomMetadataMap["images"], Does.Contain("\"Source\":\"UInt8\""));
        Assert.That(metadata.CustomMetadataMap["intended_use"], Does.Contain("not for diagnosis"));
    }

    [Test]
    public void Masks_with_baked_noise_follow_from_seed_and_image()
    {
        using var model = Model(AmbiSSLOptions.Word);
        var pixels = Pixels();

        var first = Masks(model, pixels, seed: 1);
        var again = Masks(model, pixels, seed: 1);
        var other = Masks(model, pixels, seed: 2);

        Assert.That(again, Is.EqualTo(first));
        Assert.That(other, Is.Not.EqualTo(first));
    }

    [Test]
    public void A_temperature_is_in_the_graph()
    {
        using var model = Model(AmbiSSLOptions.Word);
        var options = new OnnxExportOptions { BakedSamples = 3, BakedSeed = 1 };
        var raw = Run(model, Pixels(), options);

        var scaled = Run(model.WithTemperature(2.5), Pixels(), options);

        Assert.That(scaled["probability"], Is.EqualTo(((float[])raw["probability"]).Select(p => 1 / (1 + Math.Pow((1 - p) / p, 1 / 2.5)))).Within(1e-5));
        Assert.That(scaled["masks"], Is.EqualTo(raw["masks"]));
    }

    [Test]
    public void A_temperature_of_classes_that_exclude_each_other_is_in_the_graph()
    {
        var classes = new MaskClasses(["core", "rim", "cyst"]);
        using var model = UntrainedModel.Create(RegisteredMethods.Options(AmbiSSLOptions.Word), Shape, classes: classes);
        var options = new OnnxExportOptions { BakedSamples = 3, BakedSeed = 1 };
        var (expected, uncertainty) = ((float[])Run(model, Pixels(), options)["probability"], new float[Shape.PixelCount]);
        TemperatureScaling.Apply(expected, 2.5, classes, Shape.PixelCount);
        ClassProbabilities.Entropy(classes, expected, uncertainty);

        var scaled = Run(model.WithTemperature(2.5), Pixels(), options);

        Assert.That(scaled["probability"], Is.EqualTo(expected).Within(1e-5));
        Assert.That(scaled["uncertainty"], Is.EqualTo(uncertainty).Within(1e-4));
    }

    [Test]
    public void An_intensity_window_is_in_the_graph()
    {
        using var plain = Model(GlobalConfusionMatrixOptions.Word);
        using var windowed = UntrainedModel.Create(
            RegisteredMethods.Options(GlobalConfusionMatrixOptions.Word), Shape, PixelType.UInt16, new IntensityWindow(100, 355));
        var pixels = Pixels();

        var expected = Run(plain, pixels)["probability"];
        var shifted = Run(windowed, Array.ConvertAll(pixels, value => value is 0 ? 20 : value is 255 ? 900 : value + 100))["probability"];

        Assert.That(shifted, Is.EqualTo(expected).Within(1e-5));
    }

    [Test]
    public void Sixteen_bits_stand_for_zero_to_one()
    {
        using var bytes = Model(GlobalConfusionMatrixOptions.Word);
        using var words = UntrainedModel.Create(RegisteredMethods.Options(GlobalConfusionMatrixOptions.Word), Shape, PixelType.UInt16);
        var pixels = Pixels();

        Assert.That(
            Run(words, Array.ConvertAll(pixels, value => value * 257))["probability"], Is.EqualTo(Run(bytes, pixels)["probability"]).Within(1e-5));
    }

    [Test]
    public void A_seed_without_baked_samples_is_refused_and_nothing_is_written()
    {
        using var model = Model(AmbiSSLOptions.Word);
        var path = Path.Combine(TestContext.CurrentContext.WorkDirectory, "refused.onnx");

        Assert.That(
            () => model.ExportOnnx(path, new OnnxExportOptions { BakedSeed = 3 }),
            Throws.ArgumentException.With.Message.StartsWith("Option BakedSeed is 3; it must be null where BakedSamples is null, since no noise is drawn."));
        Assert.That(File.Exists(path), Is.False);
    }

    private static SegmentationModel Model(string word) => UntrainedModel.Create(RegisteredMethods.Options(word), Shape);

    private static string TypeName(string triton) => triton switch { "UINT8" => "Byte", "FP32" => "Single", _ => triton };

    private static string[] Quoted(string page, string pattern) =>
        [.. Regex.Matches(Regex.Match(page, pattern).Groups[1].Value, @"""(\w+)""").Select(name => name.Groups[1].Value)];

    private static float[] Pixels()
    {
        var random = new Random(5);
        return [.. Enumerable.Range(0, Shape.Length).Select(_ => (float)random.Next(256))];
    }

    private static Dictionary<string, Array> Run(SegmentationModel model, float[] pixels, OnnxExportOptions? options = null)
    {
        using var exported = new OnnxModel(model, options);
        return exported.Run(("image", pixels, [1, Shape.Channels, Shape.Height, Shape.Width]));
    }

    private static Array Masks(SegmentationModel model, float[] pixels, int seed) =>
        Run(model, pixels, new OnnxExportOptions { BakedSamples = 6, BakedSeed = seed })["masks"];

    private static IEnumerable<string> Describe(IReadOnlyDictionary<string, NodeMetadata> values) =>
        from value in values
        let sizes = value.Value.Dimensions.Zip(value.Value.SymbolicDimensions, (size, name) => size < 0 ? name : $"{size}")
        select $"{value.Key} {value.Value.ElementType.Name} [{string.Join(", ", sizes)}]";
}
