using AmbiSSL.Torch.Imaging;
using AmbiSSL.Torch.Inference;
using AmbiSSL.Torch.Tests.Imaging;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Models;

internal sealed class SampleToFilesTests : FolderFixture
{
    private static readonly ImageShape Shape = new(1, 45, 33);

    private static readonly Lazy<SegmentationModel> Model = new(Train);

    [OneTimeTearDown]
    public void Free() => Model.Value.Dispose();

    [Test]
    public void Files_hold_what_is_drawn_in_memory()
    {
        var image = Write();
        var (masks, probability) = (new byte[2 * Shape.PixelCount], new float[Shape.PixelCount]);
        Model.Value.SampleImage(Model.Value.ToInput(image), Shape.Size, 2, masks, probability);

        Model.Value.SampleToFiles(At("image.png"), Files);

        Assert.Multiple(() =>
        {
            Assert.That(ImagePixels.Load(At("s2.png")).ToFloats(), Is.EqualTo(masks[Shape.PixelCount..].Select(value => (float)value)));
            Assert.That(ImagePixels.Load(At("probability.png")).ToFloats(), Is.EqualTo(probability).Within(0.5001 / 65535));
            Assert.That(ImagePixels.Load(At("consensus.png")).ToFloats(), Is.EqualTo(probability.Select(value => value > 0.5f ? 1f : 0)));
            Assert.That(Directory.GetFiles(Folder.Path), Has.Length.EqualTo(6), "and nothing temporary");
        });
    }

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

    private SampleFiles Files => new([At("s1.png"), At("s2.png")], At("consensus.png"), At("probability.png"), At("uncertainty.png"));

    private static SegmentationModel Train()
    {
        using var images = new ImageCache(new ImageFormat(new ImageShape(1, 0, 0), PixelType.UInt8, new Preprocessing { AnySize = true }));
        var (pixels, masks) = TinyData.Image(new ImageShape(1, 24, 20), 1);
        images.Add(Bytes(pixels, new ImageShape(1, 24, 20)), new MaskSet(new ImageSize(24, 20), masks));
        var options = TinyData.Options with
        {
            Epochs = 2, Training = TinyData.Options.Training with { Windows = new WindowOptions { Size = new ImageSize(16, 16) } },
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
