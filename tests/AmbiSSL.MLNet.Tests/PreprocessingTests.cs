using AmbiSSL.MLNet.Tests.Support;
using AmbiSSL.MLNet.Training;
using AmbiSSL.Torch.Imaging;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace AmbiSSL.MLNet.Tests;

public sealed class PreprocessingTests
{
    private static readonly Preprocessing Crop = new() { Crop = new ImageSize(16, 16) };
    private static readonly Preprocessing Resize = new() { Resize = new ImageSize(16, 16) };

    private static readonly SyntheticLesions Lesions = new(
        new SyntheticLesionOptions { Images = 6, Height = 24, Width = 32, Annotators = 3, Radius = 0.2, Seed = 3 });

    private readonly MLContext _context = TinyData.Context(seed: 1);
    private string _folder = "";
    private string _data = "";

    private AmbiguousSegmentationCatalog Segmentation => _context.AmbiguousSegmentation();

    private static IEnumerable<Preprocessing> Both => [Crop, Resize];

    [OneTimeSetUp]
    public void MakeFolder()
    {
        _folder = Directory.CreateTempSubdirectory("ambissl-").FullName;
        _data = Path.Combine(_folder, "data");
        ImageFolder.Save(Lesions, _data);
    }

    [OneTimeTearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void EightBitFiles_ReachTheCacheAsBytes()
    {
        using var cache = Cache(Segmentation.LoadFolder(_data, Crop));
        var pixels = new float[256];

        cache.ReadPixels(4, pixels);

        Assert.That(cache.Format, Is.EqualTo(new ImageFormat(new ImageShape(1, 16, 16), PixelType.UInt8, Crop)));
        Assert.That(pixels, Is.EqualTo(Center(Lesions.Read(4).Pixels.Values<byte>().ToArray()).Select(value => value / 255f)));
    }

    [Test]
    public void SixteenBitFiles_ReachTheCacheWithEveryBit()
    {
        var path = Path.Combine(_folder, "sixteen");
        Directory.CreateDirectory(Path.Combine(path, "images"));
        ushort[] values = [.. Enumerable.Range(0, 65536).Select(value => (ushort)value)];
        ImageFile.Write(Path.Combine(path, "images", "a.png"), new ImagePixels(new ImageShape(1, 256, 256), values));
        Directory.CreateDirectory(Path.Combine(path, "masks"));
        ImageFile.WriteMask(Path.Combine(path, "masks", "a_r1.png"), new ImageSize(256, 256), new byte[65536]);
        var data = Segmentation.LoadFolder(path);

        using var cache = Cache(data);
        var pixels = new float[65536];
        cache.ReadPixels(0, pixels);

        Assert.That(data.Schema["Image"].Type, Is.EqualTo(new VectorDataViewType(NumberDataViewType.UInt16, 1, 256, 256)));
        Assert.That(cache.Format.PixelType, Is.EqualTo(PixelType.UInt16));
        Assert.That(pixels, Is.EqualTo(values.Select(value => value / 65535f)));
    }

    [Test]
    public void ResizedImages_AreFloatsOnTheScaleOfTheirFiles()
    {
        var data = Segmentation.LoadFolder(_data, Resize);

        using var cache = Cache(data);

        Assert.That(data.Schema["Image"].Type, Is.EqualTo(new VectorDataViewType(NumberDataViewType.Single, 1, 16, 16)));
        Assert.That(cache.Format, Is.EqualTo(new ImageFormat(new ImageShape(1, 16, 16), PixelType.UInt8, Resize)));
    }

    [TestCaseSource(nameof(Both))]
    public void Transform_OfImagesAsTheyAreGivesWhatItGivesForPreparedOnes(Preprocessing preprocessing)
    {
        using var model = Train(preprocessing);
        var prepared = AnotherProcess.Hash(model.Transform(Segmentation.LoadFolder(_data, preprocessing)));

        Assert.That(model.Model.Images with { Intensities = null }, Is.EqualTo(new ImageFormat(new ImageShape(1, 16, 16), PixelType.UInt8, preprocessing)));
        Assert.That(AnotherProcess.Hash(model.Transform(Segmentation.LoadFolder(_data))), Is.EqualTo(prepared));
        Assert.That(AnotherProcess.Hash(model.Transform(Pictures())), Is.EqualTo(prepared));
    }

    [TestCaseSource(nameof(Both))]
    public void Evaluate_OfImagesAsTheyAreGivesWhatItGivesForPreparedOnes(Preprocessing preprocessing)
    {
        using var model = Train(preprocessing);
        var prepared = Figures(model.Transform(Segmentation.LoadFolder(_data, preprocessing)));

        Assert.That(prepared, Is.All.InRange(0.01, 2));
        Assert.That(Figures(model.Transform(Segmentation.LoadFolder(_data))), Is.EqualTo(prepared));
        Assert.That(Figures(model.Transform(Pictures())), Is.EqualTo(prepared));
    }

    [TestCaseSource(nameof(Both))]
    public void ValidationImagesAsTheyAre_GiveWhatPreparedOnesGive(Preprocessing preprocessing)
    {
        var train = Segmentation.LoadFolder(_data, preprocessing);
        using var one = TinyData.Estimator().Fit(train, train);
        using var other = TinyData.Estimator().Fit(train, Segmentation.LoadFolder(_data));

        Assert.That(AnotherProcess.Hash(other.Transform(train)), Is.EqualTo(AnotherProcess.Hash(one.Transform(train))));
    }

    [TestCaseSource(nameof(Both))]
    public void SavedModel_PreparesImagesInAnotherProcess(Preprocessing preprocessing)
    {
        using var model = Train(preprocessing);
        var prepared = Segmentation.LoadFolder(_data, preprocessing);
        var (modelPath, dataPath) = (Path.Combine(_folder, "model.zip"), Path.Combine(_folder, "data.idv"));
        _context.Model.Save(model, prepared.Schema, modelPath);
        using (var stream = File.Create(dataPath))
        {
            _context.Data.SaveAsBinary(Segmentation.LoadFolder(_data), stream);
        }

        Assert.That(AnotherProcess.Hashes(dataPath, modelPath), Is.EqualTo((string[])[AnotherProcess.Hash(model.Transform(prepared))]));
    }

    [Test]
    public void ImagesSmallerThanTheCrop_AreRefused()
    {
        using var model = Train(Crop);

        Assert.That(
            () => model.Transform(TinyData.View([], image: TinyData.ImageType(1, 12, 40))),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.StartsWith(
                "Schema mismatch for image column 'Image': expected Vector<Byte, UInt16 or Single, 1, 16, 16> or more, on which the model was "
                + "trained, got Vector<Single, 1, 12, 40>; resize the images to the model's size, or train on images of this size."));
        Assert.That(
            () => TinyData.Masks(model.Transform(TinyData.Pictures([new PictureRow { Image = TinyData.BlankPicture(width: 20, height: 12) }]))),
            Throws.InvalidOperationException.With.Message.EqualTo(
                "Column 'Image', row 0: the image is 12x20 pixels, but the model was trained on crops of 16x16; resize with "
                + "mlContext.Transforms.ResizeImages(column, imageWidth: 16, imageHeight: 16) before this transform."));
    }

    [Test]
    public void FloatsOnAnotherScale_AreRefusedByAModelOfIntegers()
    {
        using var model = Train(Crop);
        var row = new VectorRow { Image = new float[256] };
        row.Image[7] = 40;

        Assert.That(
            () => TinyData.Masks(model.Transform(TinyData.View([row], image: TinyData.ImageType(1, 16, 16)))),
            Throws.InvalidOperationException.With.Message.EqualTo(
                "Column 'Image', row 0: pixel values go from 0 to 40, but the model was trained on 8-bit integers, which stand for 0 to 1; scale the "
                + "images to 0 to 1, or train with an intensity window."));
    }

    [Test]
    public void Integers_AreRefusedByAModelOfFloats()
    {
        using var model = TinyData.Estimator().Fit(TinyData.View());

        Assert.That(
            () => model.Transform(TinyData.Pictures([])),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.StartsWith(
                "Schema mismatch for image column 'Image': expected floating-point values on the scale of those on which the model was trained, "
                + "got 8-bit integers, which stand for 0 to 1; convert the images to that scale and to Single, or train on images such as these."));
    }

    [Test]
    public void ScoredRowsWithoutTheirImages_CannotBeEvaluatedWhereImagesAreCropped()
    {
        using var model = Train(Crop);
        var scored = model.Transform(Segmentation.LoadFolder(_data));
        var without = _context.Transforms.DropColumns("Image").Fit(scored).Transform(scored);

        Assert.That(
            () => Segmentation.Evaluate(without),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.StartsWith("Could not find image column 'Image'; "));
    }

    private static ImageCache Cache(IDataView data) => CacheFiller.Fill(
        TinyData.Context(), data, new SegmentationColumns(), format => new ImageCache(format), () => { });

    private static IEnumerable<byte> Center(byte[] values) =>
        from y in Enumerable.Range(4, 16) from x in Enumerable.Range(8, 16) select values[(32 * y) + x];

    private IDataView Pictures() => _context.Data.LoadFromEnumerable(Enumerable.Range(0, Lesions.Count).Select(i => new WholePictureRow
    {
        Image = MLImage.CreateFromFile(Path.Combine(_data, "images", $"{Lesions.Records[i].Id}.png")),
        Annotations = Lesions.Read(i).Annotations.Values,
    }));

    private AmbiguousSegmentationTransformer Train(Preprocessing preprocessing) =>
        TinyData.Estimator().Fit(Segmentation.LoadFolder(_data, preprocessing));

    private double[] Figures(IDataView scored)
    {
        var images = Segmentation.Evaluate(scored).PerImage;
        return [.. images.GetColumn<double>("Ged"), .. images.GetColumn<double>("DiceSoft"), .. images.GetColumn<double>("ExpertDiversity")];
    }
}
