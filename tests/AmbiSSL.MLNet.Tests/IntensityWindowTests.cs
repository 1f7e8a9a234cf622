using AmbiSSL.MLNet.Tests.Support;
using AmbiSSL.Torch.Imaging;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace AmbiSSL.MLNet.Tests;

public sealed class IntensityWindowTests
{
    private static readonly MLContext Context = TinyData.Context(seed: 1);
    private static readonly AmbiguousSegmentationCatalog Segmentation = Context.AmbiguousSegmentation();

    private string _folder = "";

    [OneTimeSetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("ambissl-").FullName;

    [OneTimeTearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void FloatsOutside0To1_AreRefusedWithTheWindowThatSettlesIt()
    {
        var data = TinyData.View(TinyData.Rows().Select(row => Scaled(row, value => MathF.Round(value * 255))));

        Assert.That(
            () => TinyData.Estimator().Fit(data),
            Throws.InvalidOperationException.With.Message.EqualTo(
                "Column 'Image': pixel values go from 40 to 200, but floating-point images are taken as they are, from 0 to 1; set "
                + "Training.IntensityWindow (--intensity-window), such as 0,255, which the model keeps for all that it will see, or scale all images to "
                + "0 to 1."));
    }

    [Test]
    public void FloatsOf255AndPicturesThroughOneWindow_GiveTheSameMasks()
    {
        // What ExtractPixels gives by default, and the pictures that it takes it from.
        using var model = Estimator(new IntensityWindow(0, 255)).Fit(
            TinyData.View(TinyData.Rows().Select(row => Scaled(row, value => MathF.Round(value * 255)))));
        using var plain = TinyData.Estimator().Fit(TinyData.Pictures(TinyData.PictureRows()));

        var hash = AnotherProcess.Hash(plain.Transform(TinyData.Pictures(TinyData.PictureRows())));
        Assert.That(AnotherProcess.Hash(model.Transform(TinyData.Pictures(TinyData.PictureRows()))), Is.EqualTo(hash));
        Assert.That(
            AnotherProcess.Hash(model.Transform(TinyData.View(TinyData.Rows().Select(row => Scaled(row, value => MathF.Round(value * 255)))))),
            Is.EqualTo(hash));
        Assert.That(
            () => TinyData.Masks(model.Transform(TinyData.View())),
            Throws.InvalidOperationException.With.Message.Match(
                "^Column 'Image', row 0: pixel values of floating-point numbers go from 0.15.* to 0.7.*, "
                + "but those of the training images, floating-point numbers, from 40 to 200; give images on the scale of the training images, "
                + "or train on images such as these\\.$"));
    }

    [Test]
    public void TwelveBitsInSixteen_AreTheSameAsFilesAsFloatsResizedAndInAnotherProcess()
    {
        var path = Folder("twelve", 6, (_, value) => value * 16);
        var data = Segmentation.LoadFolder(path);
        Assert.That(
            () => TinyData.Estimator().Fit(data),
            Throws.InvalidOperationException.With.Message.EqualTo(
                "Column 'Image': pixel values go from 0 to 4080, a sixteenth of the range of 16-bit integers or less, as where 12 bits are saved in 16; set "
                + "Training.IntensityWindow (--intensity-window) to 0,4095, which the model keeps for all that it will see, or to 0,65535 if they are meant "
                + "so."));

        using var model = Estimator(IntensityWindow.Percentiles(1, 99)).Fit(data, data);
        var hash = AnotherProcess.Hash(model.Transform(data));
        var resized = Segmentation.LoadFolder(path, new Preprocessing { Resize = new ImageSize(16, 16) });
        var (zip, rows) = (Path.Combine(_folder, "model.zip"), Path.Combine(_folder, "rows.idv"));
        Context.Model.Save(model, data.Schema, zip);
        using (var stream = File.Create(rows))
        {
            Context.Data.SaveAsBinary(data, stream);
        }

        Assert.Multiple(() =>
        {
            Assert.That(AnotherProcess.Hashes(rows, zip), Is.EqualTo((string[])[hash]));
            Assert.That(AnotherProcess.Hash(model.Transform(AsSingle(data))), Is.EqualTo(hash));
            Assert.That(TinyData.Masks(model.Transform(resized)), Is.EqualTo(TinyData.Masks(model.Transform(data))));
            Assert.That(
                () => model.Transform(Segmentation.LoadFolder(Folder("eight-scored", 1, null))),
                Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Match(
                    "^Schema mismatch for image column 'Image': expected 16-bit integers, "
                    + "on which the model was trained with the intensity window [\\d.]+,[\\d.]+, got 8-bit integers; give images of as many bits, or their "
                    + "values as Single, or train on images such as these\\."));
        });
    }

    [Test]
    public void TwelveBitsInSixteen_AreRefusedByAModelOfEightBits()
    {
        using var model = TinyData.Estimator().Fit(Segmentation.LoadFolder(Folder("eight", 6, null)));

        Assert.That(
            () => TinyData.Masks(model.Transform(Segmentation.LoadFolder(Folder("twelve-scored", 2, (_, value) => value * 16)))),
            Throws.InvalidOperationException.With.Message.EqualTo(
                "Column 'Image', row 0: pixel values of 16-bit integers go from 0 to 4080, but those of the training images, 8-bit integers, "
                + "from 0 to 255; give images on the scale of the training images, or train on images such as these."));
    }

    [Test]
    public void ImagesOfSeveralDepths_AreWarnedOfInTrainingAndScoring()
    {
        // 8 bits among 16.
        var (context, warnings) = Listening();
        var data = context.AmbiguousSegmentation().LoadFolder(Folder("mixed", 6, (image, value) => image == 4 ? value : value * 257));

        using var model = context.Transforms.AmbiSSL(TinyData.Options).Fit(data);
        TinyData.Masks(model.Transform(data));

        Assert.That(warnings, Is.EqualTo((string[])[
            "Column 'Image': the values of 1 of 6 images, the first in row 4, span a sixteenth or less of the 65535 that another's do. "
            + "Where images of several depths are mixed, such as 8 and 12 bits in 16, scale them alike.",
            "Column 'Image', row 4: pixel values go from 0 to 255, less than a sixteenth of those of the training images, 0 to 65535. "
            + "If the image was saved with another number of bits, scale it like them.",
        ]));
    }

    [Test]
    public void HounsfieldUnitsOfHdf5_AreSeenThroughTheWindow()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Cases", "float_images", "h_hu.h5");
        var data = Segmentation.Load(HdfImages.Open(path));
        Assert.That(
            () => TinyData.Estimator().Fit(data),
            Throws.InvalidOperationException.With.Message.Contains("such as p0.5,p99.5, or -1000,400 for lungs in Hounsfield units, which the model keeps"));

        using var model = Estimator(new IntensityWindow(-1000, 400)).Fit(data);

        var input = model.Model.ToInput(HdfImages.Open(path).Read(0).Pixels);
        float[] stored = [.. HdfImages.Open(path).Read(0).Pixels.Values<float>()];
        Assert.That(input, Is.EqualTo(stored.Select(value => Math.Clamp((value + 1000) / 1400, 0, 1))));
        Assert.That(TinyData.Masks(model.Transform(data)), Has.Length.EqualTo(data.GetRowCount()));
    }

    [Test]
    public void PredictionEngine_SeesThroughTheWindowToo()
    {
        using var model = Estimator(new IntensityWindow(0, 255)).Fit(TinyData.View(TinyData.Rows().Select(row => Scaled(row, value => value * 255))));
        var row = Scaled(TinyData.Rows(1).Single(), value => value * 255);
        using var engine = Context.Model.CreatePredictionEngine<VectorRow, ScoredRow>(model, new PredictionEngineOptions { OwnsTransformer = false });

        Assert.That(engine.Predict(row).Masks, Is.EqualTo(TinyData.Masks(model.Transform(TinyData.View([row]))).Single()));
        Assert.That(
            () => engine.Predict(TinyData.Rows(1).Single()),
            Throws.InvalidOperationException.With.Message.Contains("but those of the training images"));
    }

    private static AmbiguousSegmentationEstimator Estimator(IntensityWindow window) =>
        TinyData.Estimator(TinyData.Options with { Training = TinyData.Options.Training with { IntensityWindow = window } });

    private static VectorRow Scaled(VectorRow row, Func<float, float> scale) =>
        new() { Id = row.Id, Image = Array.ConvertAll(row.Image, value => scale(value)), Annotations = row.Annotations };

    private static (MLContext Context, List<string> Warnings) Listening()
    {
        var context = TinyData.Context(seed: 1);
        List<string> warnings = [];
        context.Log += (_, message) =>
        {
            if (message.Kind == ChannelMessageKind.Warning)
            {
                warnings.Add(message.RawMessage);
            }
        };
        return (context, warnings);
    }

    // The stored values as Single, without what the loader says of them.
    private static IDataView AsSingle(IDataView data) => TinyData.View(
        data.GetColumn<ushort[]>("Image").Select(image => new VectorRow { Image = Array.ConvertAll(image, value => (float)value) }),
        image: TinyData.ImageType(1, 16, 16));

    /// <summary>Gray images from 0 to 255 with a mask each, of 8 bits, or of 16 bits and scaled.</summary>
    private string Folder(string name, int count, Func<int, int, int>? scale)
    {
        var path = Path.Combine(_folder, name);
        foreach (var part in (string[])["images", "masks"])
        {
            Directory.CreateDirectory(Path.Combine(path, part));
        }

        var shape = new ImageShape(1, TinyData.Side, TinyData.Side);
        for (var image = 0; image < count; image++)
        {
            int[] values = [.. TinyData.Image(image)[..TinyData.Pixels].Select(value => (int)MathF.Round(value * 255))];
            (values[0], values[^1]) = (0, 255);
            ImageFile.Write(
                Path.Combine(path, "images", $"{image}.png"),
                scale is null
                    ? new ImagePixels(shape, Array.ConvertAll(values, value => (byte)value))
                    : new ImagePixels(shape, Array.ConvertAll(values, value => (ushort)scale(image, value))));
            ImageFile.WriteMask(Path.Combine(path, "masks", $"{image}_r1.png"), shape.Size, [.. values.Select(value => (byte)(value > 100 ? 1 : 0))]);
        }

        return path;
    }
}
