using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Models;
using NUnit.Framework;
using TorchSharp;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests.Models;

/// <summary>Model files that are damaged, or made to do harm; all but the first kinds have a checksum that is right.</summary>
internal sealed class HostileModelTests
{
    private const string Name = "model.safetensors";
    private const string Rebuild = $"{Name} holds a model that this package cannot rebuild: ";
    private const string Unusable = $"{Name} is no usable safetensors file: ";
    private const string Copy = "; it may be cut short, damaged or of another format. Copy or train it again.";
    private const string Unwritten = " is not written as this version writes it.";
    private const long MostBytes = 50 << 20;

    private static readonly Lazy<byte[]> Sound = new(() => Save(TinyData.Options));

    private static IEnumerable<TestCaseData> Mutants()
    {
        yield return Options(
            "lat1e9",
            options => options["LatentDimensions"] = 1_000_000_000,
            "Option LatentDimensions is 1000000000; it must be a number from 1 to 10000.");
        yield return Options(
            "lat9",
            options => options["LatentDimensions"] = 9,
            "weight 'seg.theta.layers.0.weight' has the shape [4, 6, 1, 1]; the network has [4, 13, 1, 1].");
        yield return Options(
            "lconv1e9",
            options => options["LatentConvolutionsPerBlock"] = 1_000_000_000,
            "Option LatentConvolutionsPerBlock is 1000000000; it must be a number from 1 to 100.");
        yield return Options("lconv9", options => options["LatentConvolutionsPerBlock"] = 9, "there is no weight 'prior.encoder.2.weight'.");
        yield return Options(
            "filters1e9", options => options["Backbone"]!["Filters"]![0] = 1_000_000_000, "weight 'enc.blocks.0.0.weight' has the shape [4, 1, 3, 3]; ");
        yield return Options("levels40", options => options["Backbone"]!["Filters"] = Ones(40), "Option Filters is [1, 1, ");
        yield return Options(
            "samples1e9", options => options["Samples"] = 1_000_000_000, "Option Samples is 1000000000; it must be a number from 1 to 100000.");
        yield return Options("resnet", options => options["Backbone"] = ResNet34(), "there is no weight 'enc.conv1.weight'.");
        yield return Options("seednull", options => options["Seed"] = null, "Option Seed is null; it must be a number in a model.");
        yield return Options("backbonenull", options => options["Backbone"] = null, "Option Backbone is null; it must be a backbone.");
        yield return Options("unknown", options => options["Mood"] = 1, "its options have an unknown name, or a value of the wrong kind, at Mood.");
        yield return Options("derived", options => options["Backbone"]!["Stride"] = 99, $"its metadata 'options'{Unwritten}");
        yield return Options("method", options => options["method"] = "guess", "its options cannot be read.");
        yield return Options("nan", options => options["Beta"] = "NaN", "its options have an unknown name, or a value of the wrong kind, at Beta.");
        yield return Options("epochs0", options => options["Epochs"] = 0, "Option Epochs is 0; it must be a number of at least 1.");
        yield return Text("nulltext", "options", "null", "its options are null.");
        yield return Text("emptytext", "options", "", "its options cannot be read.");
        yield return Text("ann", "annotators", "99999999999", "its annotators are '99999999999', which is no number of 32 bits.");
        yield return Text("ann0", "annotators", "0", "it has 0 annotators; there must be at least 1.");
        yield return Text("annmany", "annotators", "2147483647", "its images are 1x16x16, with 4 samples and 2147483647 annotators");
        yield return Text("annplus", "annotators", "02", $"its metadata 'annotators'{Unwritten}");
        yield return Text("readersnull", "readers", "null", "its readers are null.");
        yield return Text("readers", "readers", "[\"a\",\"b\"]", "it names readers, whom ambissl does not know apart.");
        yield return Mutant(
            "readers3",
            ModelMutant.WithText(Save(new PiononoOptions { Seed = 1, Epochs = 4, Backbone = TinyData.Options.Backbone }), "readers", "[\"a\",null,\"a\"]"),
            $"{Rebuild}in its metadata the number of readers is 3 and that of masks 2.");
        yield return Text(
            "classvalues",
            "classes",
            """{"Names":["cup","disc"],"Overlap":false,"Values":"core=1,rim=2"}""",
            "Classes are cup, disc, and 'core=1,rim=2' tells core, rim apart");
        yield return Text(
            "classtext",
            "classes",
            """{"Names":["cup","disc"],"Overlap":false,"Values":"cup=1,disc=none"}""",
            "In the classes 'cup=1,disc=none' the value 'none' of 'disc' is none");
        yield return Text("trained", "trained_epochs", "5", "it was trained for 5 of 4 epochs.");
        yield return Text(
            "processing",
            "post_processing",
            "{\"FillHoles\":false,\"SmallestComponent\":0,\"LargestComponentOnly\":false}",
            "Option SmallestComponent is 0; it must be");
        yield return Text("processingmissing", "post_processing", "{\"FillHoles\":false}", "Option SmallestComponent is 0; it must be");
        yield return Text("threshold1", "consensus_threshold", "1", "Option ConsensusThreshold is 1; it must be at least 0 and below 1.");
        yield return Text("thresholdnan", "consensus_threshold", "NaN", "Option ConsensusThreshold is NaN; it must be at least 0 and below 1.");
        yield return Text("temperature0", "temperature", "0", "Option Temperature is 0; it must be a finite number above 0.");
        yield return Text(
            "outlines", "outlines", "{\"Coverage\":0.9,\"InnerThreshold\":0.5,\"OuterThreshold\":1.5}", "Option OuterThreshold is 1.5; it must be 0 to 1.");
        yield return Text("outlineslist", "outlines", "[{\"Coverage\":0.9,\"InnerThreshold\":0.5,\"OuterThreshold\":0.4}]", "its outlines cannot be read.");
        yield return Text("processinglist", "post_processing", "[null]", "its post_processing cannot be read.");
        yield return Text(
            "features",
            "feature_range",
            "{\"Means\":[1],\"Deviations\":[1],\"Limit\":2}",
            "its feature_range is not of the 8 coarsest features of its encoder.");
        yield return Text("missing", "options", "{\"method\":\"ambissl\",\"Seed\":7}", "Option Backbone is null; it must be a backbone.");
        yield return Text("twice", "options", OptionsText().Replace("\"Seed\":", "\"Seed\":1,\"Seed\":"), $"its metadata 'options'{Unwritten}");
        yield return Text("further", "mood", "good", "its metadata has the unknown name 'mood'.");
        yield return Images("shape_neg", images => images["Shape"]!["Height"] = -16, "its images are 1x-16x16; all of these must be at least 1.");
        yield return Images("shape_zero", images => images["Shape"]!["Channels"] = 0, "its images are 0x16x16; all of these must be at least 1.");
        yield return Images("shape_huge", images => images["Shape"]!["Width"] = int.MaxValue, "its images are 1x16x2147483647, with 4 samples");
        yield return Images("crop", images => images["Preprocessing"]!["Crop"] = Size(8), "its images are 1x16x16, which 'crop 8x8' does not give.");
        yield return Images("source", images => images["Source"] = 7, "its images have an unknown name, or a value of the wrong kind, at Source.");
        yield return Images("nopreprocessing", images => images["Preprocessing"] = null, "Option Preprocessing is null");
        yield return Header("dtype_all_I32", All("dtype", "I32"), $"{Rebuild}weight '");
        yield return Header("dtype_F99", All("dtype", "F99"), $"{Unusable}tensor '");
        yield return Header("ent_off0", All("data_offsets", new JsonArray()), $"{Unusable}tensor '");
        yield return Header("ent_shape0", All("shape", new JsonArray(0)), $"{Unusable}tensor '");
        yield return Header("ent_extra", All("mood", 1), $"{Unusable}tensor '");
        yield return Header("renamed", Rename, $"{Rebuild}there is no weight '");
        yield return Header(
            "ent_alloc3G", header => header["x"] = Entry(750_000_000, Data(header)), $"{Unusable}it ends 3000000000 bytes too early{Copy}");
        yield return Header(
            "ent_alloc3T", header => header["x"] = Entry(750_000_000_000, Data(header)), $"{Unusable}it ends 3000000000000 bytes too early{Copy}");
        yield return Mutant(
            "dup_tensor_zero",
            ModelMutant.WithHeaderText(
                Sound.Value, header => header.TrimEnd()[..^1] + ",\"enc.blocks.0.0.weight\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}}"),
            $"{Unusable}its header has the name 'enc.blocks.0.0.weight' twice{Copy}");
        yield return Mutant(
            "dup_text",
            ModelMutant.WithHeaderText(Sound.Value, header => header.Replace("\"version\":", "\"format\":\"ambissl\",\"version\":")),
            $"{Unusable}its metadata has the name 'format' twice{Copy}");
        yield return Mutant(
            "w_nan",
            ModelMutant.WithData(Sound.Value, data => BitConverter.GetBytes(float.NaN).CopyTo(data, 0)),
            $"{Name} holds a model that cannot predict: its weight 'dec.phi.blocks.0.0.weight' has values that are not finite.");
        yield return Mutant("tail", [.. Sound.Value, 0], $"{Unusable}it goes on after its last tensor{Copy}");
        yield return Mutant(
            "unsealed",
            ModelMutant.WithHeader(Sound.Value, header => header["__metadata__"]!.AsObject().Remove("sha256")),
            $"{Name} is damaged: its content does not match its checksum.");
    }

    [TestCase("version", "2", $"{Name} has model version 2; this package reads version 1. Install the package that wrote it, or train it again.")]
    [TestCase("mood", "good", $"{Rebuild}its metadata has the unknown name 'mood'.")]
    public void A_model_of_another_version_is_refused_with_the_version_that_wrote_it(string key, string text, string sentence)
    {
        var file = ModelMutant.WithText(ModelMutant.WithText(Sound.Value, "package", "9.8.7"), key, text);

        Assert.That(() => Load(file), Throws.TypeOf<InvalidDataException>().With.Message.EqualTo(
            $"{sentence} It was written by AmbiSSL 9.8.7, and this is {PackageVersion.Own}: load it with the version that wrote it, or train the model again "
                + "with this one."));
    }

    [Test]
    public void A_model_of_another_version_that_fits_is_read() =>
        Assert.That(() => Load(ModelMutant.WithText(Sound.Value, "package", "9.8.7")), Throws.Nothing);

    [Test]
    public void A_model_that_does_not_say_which_version_wrote_it_is_read() =>
        Assert.That(() => Load(ModelMutant.WithHeader(Sound.Value, header => header["__metadata__"]!.AsObject().Remove("package"))), Throws.Nothing);

    [TestCaseSource(nameof(Mutants))]
    public void A_hostile_model_is_refused_at_once_in_little_memory(byte[] file, string sentence)
    {
        var memory = PeakMemory.Start();
        var watch = Stopwatch.StartNew();

        Assert.That(() => Load(file), Throws.TypeOf<InvalidDataException>().With.Message.StartsWith(sentence));

        Assert.Multiple(() =>
        {
            Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(1)));
            Assert.That(memory.Growth, Is.LessThan(MostBytes));
        });
    }

    [Test]
    public void A_stream_that_does_not_seek_takes_no_memory_for_what_it_only_says()
    {
        var file = ModelMutant.WithHeader(Sound.Value, header => header["x"] = Entry(750_000_000, Data(header)));
        var memory = PeakMemory.Start();

        Assert.That(
            () => SegmentationModel.Load(new BrotliStream(Compressed(file), CompressionMode.Decompress), Name),
            Throws.TypeOf<InvalidDataException>().With.Message.EqualTo($"{Rebuild}weight 'x' has no place in the network."));
        Assert.That(memory.Growth, Is.LessThan(MostBytes));
    }

    [Test]
    public void One_flipped_bit_anywhere_is_refused()
    {
        var random = new Random(21);
        for (var flip = 0; flip < 2000; flip++)
        {
            // Half of them in the header, which is a part of the file only.
            var file = Sound.Value.ToArray();
            var position = random.Next(flip % 2 == 0 ? file.Length : 8 + (int)BitConverter.ToInt64(file));
            file[position] ^= (byte)(1 << random.Next(8));

            Assert.That(() => Load(file), Throws.TypeOf<InvalidDataException>().With.Message.StartsWith(Name), $"byte {position}");
        }
    }

    [Test]
    public void Any_value_in_the_description_is_refused_or_gives_a_model_that_draws()
    {
        JsonNode?[] values =
        [
            null, -1, 0, 1, 2, 3, 16, 1_000_000_000, int.MaxValue, int.MinValue, 1e308, -0.5, 0.5, "", "x", "UInt16", true, false,
            new JsonArray(), new JsonArray(1_000_000_000), new JsonObject(), long.MaxValue,
        ];
        var random = new Random(5);
        var loaded = 0;
        for (var mutant = 0; mutant < 1000; mutant++)
        {
            var value = values[random.Next(values.Length)]?.DeepClone();
            var file = ModelMutant.WithText(
                Sound.Value, random.Next(3) == 0 ? "images" : "options", text => Replace(text, value, random));
            loaded += LoadsAndDraws(file) ? 1 : 0;
        }

        Assert.That(loaded, Is.InRange(1, 999));
    }

    [Test]
    public void A_model_whose_probabilities_are_no_numbers_draws_no_masks()
    {
        // The largest numbers that are finite, of either sign in turn: whatever code is drawn, infinity is taken from infinity.
        using var model = Load(ModelMutant.WithData(Sound.Value, data =>
        {
            var weights = MemoryMarshal.Cast<byte, float>(data.AsSpan());
            for (var weight = 0; weight < weights.Length; weight++)
            {
                weights[weight] = weight % 2 == 0 ? float.MaxValue : float.MinValue;
            }
        }));

        Assert.That(
            () => model.SampleMasks(TinyData.Image(TinyData.Shape, 1).Pixels, 1, new byte[256], new float[256]),
            Throws.InvalidOperationException.With.Message.StartsWith("The model gave probabilities that are no numbers"));
    }

    [TestCaseSource(nameof(SharedFiles))]
    public void Files_of_before_are_refused_by_name(string path)
    {
        var memory = PeakMemory.Start();
        var watch = Stopwatch.StartNew();

        Assert.That(() => SegmentationModel.Load(path), Throws.TypeOf<InvalidDataException>().With.Message.StartsWith(path));
        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(1)));
        Assert.That(memory.Growth, Is.LessThan(MostBytes));
    }

    [Test]
    public void Weights_for_which_there_is_no_memory_are_refused_before_they_are_read()
    {
        var options = TinyData.Options with { Backbone = new UNetBackbone { Filters = [1_000_000, 1_000_000], ConvolutionsPerBlock = 1 } };
        var file = ModelMutant.WithHeader(Sound.Value, header =>
        {
            header["__metadata__"]!["options"] = JsonSerializer.Serialize<SegmentationOptions>(options);
            header.Select(entry => entry.Key).Where(name => name != "__metadata__").ToList().ForEach(name => header.Remove(name));
            var offset = 0L;
            foreach (var weight in WeightTable.Of(options, TinyData.Shape, annotators: 2, MaskClasses.One))
            {
                header[weight.Name] = Entry(weight, ref offset);
            }
        });
        var memory = PeakMemory.Start();

        Assert.That(
            () => SegmentationModel.Load(new BrotliStream(Compressed(file), CompressionMode.Decompress), Name),
            Throws.TypeOf<InvalidDataException>().With.Message.Match($"^{Name} holds weights of [0-9]{{15}} bytes, for which "));
        Assert.That(memory.Growth, Is.LessThan(MostBytes));
    }

    [Test]
    public void Nothing_stays_of_loads_that_are_refused_after_their_weights_were_read()
    {
        const int Loads = 100;
        var file = Save(TinyData.Options with { Backbone = new UNetBackbone { Filters = [32, 64, 128] } });
        file[^1] ^= 1;
        Assert.That(() => Load(file), Throws.TypeOf<InvalidDataException>());
        var memory = PeakMemory.Start();

        for (var load = 0; load < Loads; load++)
        {
            Assert.That(() => Load(file), Throws.TypeOf<InvalidDataException>());
        }

        Assert.That(memory.Growth, Is.LessThan(Loads * file.Length / 5));
    }

    private static IEnumerable<string> SharedFiles() =>
        Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Hostile"), "*.safetensors").Order(StringComparer.Ordinal);

    private static byte[] Save(SegmentationOptions options)
    {
        using var model = new SegmentationModel(
            options,
            new ImageFormat(TinyData.Shape, PixelType.UInt8, Preprocessing.None) { Intensities = new IntensityScale(0, 255, Window: null) },
            annotators: 2,
            readers: [],
            options.CreateMethod(TinyData.Shape, annotators: 2, MaskClasses.One),
            CPU);
        using var stream = new MemoryStream();
        model.Save(stream);
        return stream.ToArray();
    }

    private static SegmentationModel Load(byte[] file) => SegmentationModel.Load(new MemoryStream(file), Name);

    private static bool LoadsAndDraws(byte[] file)
    {
        SegmentationModel model;
        try
        {
            model = Load(file);
        }
        catch (InvalidDataException refusal)
        {
            Assert.That(refusal.Message, Does.StartWith(Name));
            return false;
        }

        using (model)
        {
            var samples = model.Options.Samples;
            Assert.That(
                () => model.SampleMasks(
                    new float[model.Shape.Length], samples, new byte[samples * model.Shape.PixelCount], new float[model.Shape.PixelCount]),
                Throws.Nothing,
                string.Create(CultureInfo.InvariantCulture, $"{model.Options} {model.Images}"));
        }

        return true;
    }

    // One value anywhere inside, by a random walk.
    private static void Replace(JsonObject text, JsonNode? value, Random random)
    {
        var key = text.ElementAt(random.Next(text.Count)).Key;
        if (text[key] is JsonObject { Count: > 0 } inner && random.Next(4) > 0)
        {
            Replace(inner, value, random);
            return;
        }

        text[key] = value;
    }

    private static MemoryStream Compressed(byte[] file)
    {
        var stream = new MemoryStream();
        using (var brotli = new BrotliStream(stream, CompressionLevel.Fastest, leaveOpen: true))
        {
            brotli.Write(file);
        }

        stream.Position = 0;
        return stream;
    }

    private static string OptionsText() => (string)ModelMutant.Header(Sound.Value)["__metadata__"]!["options"]!;

    private static TestCaseData Options(string name, Action<JsonObject> change, string sentence) =>
        Mutant(name, ModelMutant.WithText(Sound.Value, "options", change), Rebuild + sentence);

    private static TestCaseData Images(string name, Action<JsonObject> change, string sentence) =>
        Mutant(name, ModelMutant.WithText(Sound.Value, "images", change), Rebuild + sentence);

    private static TestCaseData Text(string name, string key, string text, string sentence) =>
        Mutant(name, ModelMutant.WithText(Sound.Value, key, text), Rebuild + sentence);

    private static TestCaseData Header(string name, Action<JsonObject> change, string sentence) =>
        Mutant(name, ModelMutant.WithHeader(Sound.Value, change), sentence);

    private static TestCaseData Mutant(string name, byte[] file, string sentence) =>
        new TestCaseData(file, sentence).SetArgDisplayNames(name);

    private static Action<JsonObject> All(string key, JsonNode value) => header =>
    {
        foreach (var tensor in header.Where(tensor => tensor.Key != "__metadata__"))
        {
            if (key != "dtype" || (string)tensor.Value!["dtype"]! == "F32")
            {
                tensor.Value![key] = value.DeepClone();
            }
        }
    };

    private static void Rename(JsonObject header)
    {
        header["x"] = header["enc.blocks.0.0.weight"]!.DeepClone();
        header.Remove("enc.blocks.0.0.weight");
    }

    private static long Data(JsonObject header) =>
        header.Where(tensor => tensor.Key != "__metadata__").Max(tensor => (long)tensor.Value!["data_offsets"]![1]!);

    private static JsonObject Entry(long count, long begin) => new()
    {
        ["dtype"] = "F32", ["shape"] = new JsonArray(count), ["data_offsets"] = new JsonArray(begin, begin + (4 * count)),
    };

    private static JsonObject Entry(WeightShape weight, ref long offset)
    {
        var begin = offset;
        offset += weight.Type.ElementSize() * weight.Shape.Aggregate(1L, (product, size) => product * size);
        return new JsonObject
        {
            ["dtype"] = weight.Type == ScalarType.Int64 ? "I64" : "F32",
            ["shape"] = new JsonArray([.. weight.Shape.Select(size => (JsonNode)size)]),
            ["data_offsets"] = new JsonArray(begin, offset),
        };
    }

    private static JsonArray Ones(int count) => [.. Enumerable.Range(0, count).Select(_ => (JsonNode)1)];

    private static JsonObject Size(int size) => new() { ["Height"] = size, ["Width"] = size };

    private static JsonObject ResNet34() => new() { ["kind"] = "resnet34" };
}
