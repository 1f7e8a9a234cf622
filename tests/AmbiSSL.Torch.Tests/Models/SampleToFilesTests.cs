using AmbiSSL.Torch.Imaging;
using AmbiSSL.Torch.Inference;
using AmbiSSL.Torch.Metrics;
using AmbiSSL.Torch.Tests.Imaging;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Models;

internal sealed class SampleToFilesTests : FolderFixture
{
    private static readonly ImageShape Shape = new(1, 45, 33);

    private static readonly Lazy<SegmentationModel> Model = new(() => Train(MaskClasses.One));
    private static readonly Lazy<SegmentationModel> Exclusive = new(() => Train(new MaskClasses(["upper", "lower"])));
    private static readonly Lazy<SegmentationModel> Overlapping = new(() => Train(new MaskClasses(["upper", "lower"], overlap: true)));

    [OneTimeTearDown]
    public void Free()
    {
        foreach (var model in (Lazy<SegmentationModel>[])[Model, Exclusive, Overlapping])
        {
            model.Value.Dispose();
        }
    }

    [Test]
    public void Files_hold_what_is_drawn_in_memory()
    {
        var image = Write();
        var (masks, probability) = (new byte[2 * Shape.PixelCount], new float[Shape.PixelCount]);
        Model.Value.SampleImage(Model.Value.ToInput(image), Shape.Size, 2, masks, probability);

        var measured = Model.Value.SampleToFiles(At("image.png"), Files);

        Assert.Multiple(() =>
        {
            RequireMeasured(measured, masks, BinaryEntropy.Of(probability), probability, MaskClasses.One);
            Assert.That(ImagePixels.Load(At("s2.png")).ToFloats(), Is.EqualTo(masks[Shape.PixelCount..].Select(value => (float)value)));
            Assert.That(ImagePixels.Load(At("probability.png")).ToFloats(), Is.EqualTo(probability).Within(0.5001 / 65535));
            Assert.That(ImagePixels.Load(At("consensus.png")).ToFloats(), Is.EqualTo(probability.Select(value => value > 0.5f ? 1f : 0)));
            Assert.That(Directory.GetFiles(Folder.Path), Has.Length.EqualTo(6), "and nothing temporary");
        });
    }

    [Test]
    public void Files_of_classes_hold_what_is_drawn_in_memory([Values] bool overlap)
    {
        var model = (overlap ? Overlapping : Exclusive).Value.WithTemperature(2).WithConsensusThreshold(0.3)
            .WithPostProcessing(new PostProcessing { FillHoles = true }, new PostProcessing { SmallestComponent = 3 });
        var (image, classes) = (Write(), model.Classes);
        var (masks, probability, consensus) = (new byte[4 * Shape.PixelCount], new float[2 * Shape.PixelCount], new byte[2 * Shape.PixelCount]);
        model.SampleImage(model.ToInput(image), Shape.Size, 2, masks, probability);
        model.Consensus(probability, consensus, Shape.Size);
        var uncertainty = new float[Shape.PixelCount];
        ClassProbabilities.Entropy(classes, probability, uncertainty);
        var files = new SampleFiles(Each("s1", "s2"), Each("consensus"), [At("probability_upper.png"), At("probability_lower.png")], At("uncertainty.png"));

        var measured = model.SampleToFiles(At("image.png"), files);

        Assert.Multiple(() =>
        {
            RequireMeasured(measured, masks, uncertainty, probability, classes);
            Assert.That(masks.Distinct(), Is.EquivalentTo((byte[])[0, 1]), "masks that are empty would tell nothing");
            Assert.That(Read(files.Masks), Is.EqualTo(masks));
            Assert.That(Read(files.Consensus), Is.EqualTo(consensus));
            Assert.That(files.Probability.SelectMany(file => ImagePixels.Load(file).ToFloats()), Is.EqualTo(probability).Within(0.51 / 65535));
            Assert.That(
                ImagePixels.Load(files.Uncertainty).ToFloats(),
                Is.EqualTo(uncertainty.Select(bits => bits / (overlap ? 1 : Math.Log2(3)))).Within(0.51 / 65535));
            Assert.That(Directory.GetFiles(Folder.Path), Has.Length.EqualTo(overlap ? 10 : 7), "and nothing temporary");
        });

        string[] Each(params string[] names) =>
            [.. names.SelectMany(name => overlap ? (string[])[At($"{name}_upper.png"), At($"{name}_lower.png")] : [At($"{name}.png")])];

        IEnumerable<byte> Read(IEnumerable<string> paths) => paths.SelectMany(path => overlap
            ? ImagePixels.Load(path).ToFloats().Select(value => (byte)value)
            : MaskSet.OfClassNumbers(Shape.Size, PngFile.ReadClasses(path, classes), classes).Values);
    }

    [Test]
    public void Files_that_are_not_as_many_as_classes_need_are_refused() => Assert.That(
        () => Exclusive.Value.SampleToFiles(At("image.png"), Files),
        Throws.ArgumentException.With.Message.StartsWith(
            "There are 2 files of masks, 1 of the consensus and 1 of the probability; the model tells upper, lower apart:"));

    [Test]
    public void A_canceled_one_leaves_nothing()
    {
        Write();
        using var cancellation = new CancellationTokenSource();

        Assert.That(
            () => Model.Value.SampleToFiles(At("image.png"), Files, progress: new AtOnce(_ => cancellation.Cancel()), cancellation: cancellation.Token),
            Throws.InstanceOf<OperationCanceledException>());
        Assert.That(Directory.GetFiles(Folder.Path), Has.Length.EqualTo(1));
    }

    [Test]
    public void Two_files_of_one_path_are_refused() => Assert.That(
        () => Model.Value.SampleToFiles(At("image.png"), Files with { Uncertainty = At("s1.png") }),
        Throws.ArgumentException.With.Message.StartsWith("2 of the files to write are '"));

    [Test]
    public void Where_a_file_cannot_have_its_name_nothing_stays()
    {
        Write();
        Directory.CreateDirectory(At("uncertainty.png"));

        Assert.That(() => Model.Value.SampleToFiles(At("image.png"), Files), Throws.InstanceOf<IOException>().Or.InstanceOf<UnauthorizedAccessException>());
        Assert.That(Directory.GetFiles(Folder.Path), Has.Length.EqualTo(1), "the image");
    }

    [TestCase(1, false)]
    [TestCase(3, false)]
    [TestCase(1, true)]
    [TestCase(3, true)]
    public void Rows_of_a_PNG_are_those_of_the_whole(int channels, bool isDeep)
    {
        var shape = new ImageShape(channels, 7, 5);
        var random = new Random(1);
        var image = isDeep
            ? new ImagePixels(shape, [.. Enumerable.Range(0, shape.Length).Select(_ => (ushort)random.Next(65536))])
            : new ImagePixels(shape, [.. Enumerable.Range(0, shape.Length).Select(_ => (byte)random.Next(256))]);
        ImageFile.Write(At("image.png"), image);
        using var rows = new FileRows(At("image.png"), null, new IntensityScale(0, 1, Window: null));
        var expected = image.ToFloats();

        for (var pass = 0; pass < 2; pass++, rows.Rewind())
        {
            for (var y = 0; y < 7; y++)
            {
                var row = new float[channels * 5];
                rows.Read(row);
                Assert.That(row, Is.EqualTo(Enumerable.Range(0, channels).SelectMany(channel => expected.Skip((channel * 35) + (y * 5)).Take(5))));
            }
        }
    }

    [TestCase(8, new byte[] { 7, 200 })]
    [TestCase(16, new byte[] { 0, 7, 200, 0 })]
    public void Rows_of_a_PNG_with_a_transparent_gray_are_black_there(int bits, byte[] row)
    {
        RawPng.Write(At("image.png"), width: 2, bits, colorType: 0, [row, row], transparency: [0, 7]);
        using var rows = new FileRows(At("image.png"), null, new IntensityScale(0, 1, Window: null));
        var values = new float[2];
        rows.Read(values);

        Assert.That(values, Is.EqualTo(bits == 8 ? [0, 200 / 255f] : (float[])[0, 200 * 256 / 65535f]));
    }

    private static void RequireMeasured(SampleMeasurements measured, byte[] masks, float[] uncertainty, float[] probability, MaskClasses classes)
    {
        Assert.That(measured.Sizes, Is.EqualTo(masks.Chunk(Shape.PixelCount).Select(mask => MaskSizes.Of(mask, Shape.Size))));
        Assert.That(measured.Uncertainty, Is.EqualTo(UncertaintyScores.Of(uncertainty, probability, Shape.Size, classes)));
    }

    private SampleFiles Files => new([At("s1.png"), At("s2.png")], At("consensus.png"), At("probability.png"), At("uncertainty.png"));

    private static SegmentationModel Train(MaskClasses classes)
    {
        using var images = new ImageCache(new ImageFormat(new ImageShape(1, 0, 0), PixelType.UInt8, new Preprocessing { AnySize = true }));
        var shape = new ImageShape(1, 24, 20);
        var (pixels, masks) = TinyData.Image(shape, 1);
        images.Add(Bytes(pixels, shape), new MaskSet(shape.Size, TinyData.Classes(masks, shape, classes), null, null, classes));
        var options = TinyData.Options with
        {
            Epochs = 40, Training = TinyData.Options.Training with { LearningRate = 0.02, Windows = new WindowOptions { Size = new ImageSize(16, 16) } },
        };
        return SegmentationTrainer.Fit(images, options);
    }

    private static ImagePixels Bytes(float[] pixels, ImageShape shape) => new(shape, Array.ConvertAll(pixels, value => (byte)(255 * value)));

    private ImagePixels Write()
    {
        var image = Bytes(TinyData.Image(Shape, 5).Pixels, Shape);
        ImageFile.Write(At("image.png"), image);
        return image;
    }

    private string At(string name) => Path.Combine(Folder.Path, name);

    private sealed class AtOnce(Action<double> action) : IProgress<double>
    {
        public void Report(double value) => action(value);
    }
}
