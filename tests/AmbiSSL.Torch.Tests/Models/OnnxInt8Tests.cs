using AmbiSSL.Torch.Tests.Imaging;
using AmbiSSL.Torch.Tests.Methods;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Models;

/// <summary>Exported files that compute with integers of 8 bits.</summary>
internal sealed class OnnxInt8Tests : TorchFixture
{
    private static readonly ImageShape Shape = new(1, 40, 48);

    private static readonly SyntheticLesions Images = new(new SyntheticLesionOptions { Images = 12, Height = 40, Width = 48, Radius = 0.2 });

    private static IEnumerable<string> Words => RegisteredMethods.Words;

    [TestCaseSource(nameof(Words))]
    public void Probabilities_are_near_those_of_32_bits(string word) => AssertNear(word, new UNetBackbone { Filters = [8, 12, 16] });

    [Test]
    public void They_are_so_with_ResNet34_in_a_quarter_of_the_bytes()
    {
        var (full, int8) = AssertNear(AmbiSSLOptions.Word, new ResNet34Backbone());

        Assert.That((double)int8 / full, Is.InRange(0.25, 0.27));
    }

    [Test]
    public void An_image_of_another_size_than_those_that_were_seen_is_taken()
    {
        using var model = Model(AmbiSSLOptions.Word);
        using var exported = new OnnxModel(model, new OnnxExportOptions { BakedSamples = 3, Int8Images = Images });

        var outputs = exported.Run(("image", new float[2 * 37 * 51], [2, 1, 37, 51]));

        Assert.That(outputs["masks"], Has.Length.EqualTo(2 * 3 * 37 * 51));
    }

    [Test]
    public void The_metadata_say_how_many_images_were_seen()
    {
        using var model = Model(AmbiSSLOptions.Word);
        using var exported = new OnnxModel(model, new OnnxExportOptions { Int8Images = Images });

        Assert.That(exported.Session.ModelMetadata.CustomMetadataMap["int8_images"], Is.EqualTo("12"));
    }

    [Test]
    public void The_model_itself_stays_in_32_bits()
    {
        using var model = Model(AmbiSSLOptions.Word);
        var before = Draw(model);

        using var exported = new OnnxModel(model, new OnnxExportOptions { Int8Images = Images });

        Assert.That(Draw(model), Is.EqualTo(before));
    }

    [Test]
    public void A_source_without_images_is_refused_and_nothing_is_written()
    {
        using var model = Model(AmbiSSLOptions.Word);
        using var folder = new TemporaryFolder();

        Assert.That(
            () => model.ExportOnnx(folder.Combine("m.onnx"), new OnnxExportOptions { Int8Images = new NoImages() }),
            Throws.ArgumentException.With.Message.EqualTo("Int8Images holds no image; give images like those that the model will see."));
        Assert.That(Directory.GetFiles(folder.Path), Is.Empty);
    }

    [Test]
    public void Images_that_the_model_does_not_take_are_refused()
    {
        using var model = Model(AmbiSSLOptions.Word);
        using var folder = new TemporaryFolder();
        var larger = new SyntheticLesions(new SyntheticLesionOptions { Images = 2, Height = 64, Width = 64 });

        Assert.That(
            () => model.ExportOnnx(folder.Combine("m.onnx"), new OnnxExportOptions { Int8Images = larger }),
            Throws.InstanceOf<InvalidDataException>().With.Message.StartsWith("The image is 1x64x64"));
        Assert.That(Directory.GetFiles(folder.Path), Is.Empty);
    }

    [Test]
    public void Features_that_are_normalized_by_themselves_are_refused()
    {
        var backbone = new UNetBackbone { Filters = [4, 8], Normalization = FeatureNormalization.Instance };
        using var model = UntrainedModel.Create(RegisteredMethods.Options(SupervisedOptions.Word) with { Backbone = backbone }, Shape);
        using var folder = new TemporaryFolder();

        Assert.That(
            () => model.ExportOnnx(folder.Combine("m.onnx"), new OnnxExportOptions { Int8Images = Images }),
            Throws.InvalidOperationException.With.Message.EndsWith("export it without Int8Images, or train one with FeatureNormalization.Batch."));
        Assert.That(Directory.GetFiles(folder.Path), Is.Empty);
    }

    private static (long Full, long Int8) AssertNear(string word, BackboneOptions backbone)
    {
        using var model = UntrainedModel.Create(RegisteredMethods.Options(word) with { Backbone = backbone }, Shape);
        using var folder = new TemporaryFolder();
        var (full, int8) = (folder.Combine("full.onnx"), folder.Combine("int8.onnx"));
        var options = new OnnxExportOptions { BakedSamples = 6, BakedSeed = 1 };
        model.ExportOnnx(full, options);
        model.ExportOnnx(int8, options with { Int8Images = Images });
        using var expected = new OnnxModel(full);
        using var computed = new OnnxModel(int8);
        var differences = new List<float>();
        for (var image = 0; image < Images.Count; image++)
        {
            var pixels = Array.ConvertAll(Images.Read(image).Pixels.Values<byte>().ToArray(), value => (float)value);
            var (was, become) = (Probability(expected, pixels), Probability(computed, pixels));
            differences.AddRange(was.Zip(become, (one, other) => Math.Abs(one - other)));
        }

        TestContext.Out.WriteLine(
            FormattableString.Invariant($"{word}, {backbone.GetType().Name}: mean {differences.Average():F4}, largest {differences.Max():F4}"));
        Assert.That(differences.Average(), Is.InRange(1e-6, 0.005), "and 8 bits are there at all");
        Assert.That(differences.Max(), Is.LessThan(0.02));
        return (new FileInfo(full).Length, new FileInfo(int8).Length);
    }

    private static float[] Probability(OnnxModel model, float[] pixels) =>
        (float[])model.Run(("image", pixels, [1, Shape.Channels, Shape.Height, Shape.Width]))["probability"];

    private static byte[] Draw(SegmentationModel model)
    {
        var masks = new byte[2 * Shape.PixelCount];
        model.SampleMasks(new float[Shape.Length], 2, masks, new float[Shape.PixelCount]);
        return masks;
    }

    private static SegmentationModel Model(string word) => UntrainedModel.Create(RegisteredMethods.Options(word), Shape);

    private sealed class NoImages : ImageSource
    {
        public override ImageFormat Format => Images.Format;

        public override IReadOnlyList<ImageRecord> Records => [];

        protected override AnnotatedImage ReadImage(int index) => throw new InvalidOperationException("There is none.");
    }
}
