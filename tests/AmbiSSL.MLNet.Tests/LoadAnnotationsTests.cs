using AmbiSSL.MLNet.Tests.Support;
using AmbiSSL.Torch.Imaging;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Image;

namespace AmbiSSL.MLNet.Tests;

/// <summary>Masks read from files in a pipeline of ML.NET's own transforms.</summary>
public sealed class LoadAnnotationsTests
{
    private const int Side = 32;

    private static readonly ImageSize Stored = new(Side, Side);

    private readonly MLContext _context = TinyData.Context();
    private string _folder = null!;
    private MaskPathRow[] _rows = null!;

    private AmbiguousSegmentationCatalog Segmentation => _context.AmbiguousSegmentation();

    /// <summary>Six pictures of 32x32, of which the third and the sixth have no masks, and the others two or three.</summary>
    [OneTimeSetUp]
    public void MakeFolder()
    {
        _folder = Directory.CreateTempSubdirectory("ambissl-").FullName;
        _rows = [.. Enumerable.Range(0, 6).Select(row =>
        {
            using var picture = MLImage.CreateFromPixels(Side, Side, MLPixelFormat.Bgra32, Pixels(row));
            picture.Save(Path.Combine(_folder, $"c{row}.png"));
            var masks = Enumerable.Range(1, row % 3 == 2 ? 0 : 2 + (row % 2)).Select(reader => $"c{row}_r{reader}.png").ToArray();
            for (var reader = 0; reader < masks.Length; reader++)
            {
                ImageFile.WriteMask(Path.Combine(_folder, masks[reader]), Stored, Mask(row, reader));
            }

            return new MaskPathRow { Id = $"c{row}", File = $"c{row}.png", MaskPaths = masks };
        })];
    }

    [OneTimeTearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void Paths_AreReadInTheirOrder()
    {
        var annotations = Load("MaskPaths", Options()).GetColumn<byte[]>("Annotations").ToArray();

        Assert.That(annotations.Select(masks => masks.Length / Stored.PixelCount), Is.EqualTo((int[])[2, 3, 0, 3, 2, 0]));
        Assert.That(annotations[0], Is.EqualTo((byte[])[.. Mask(0, 0), .. Mask(0, 1)]));
    }

    [Test]
    public void TypeOfTheColumn_TellsTheSizeOfTheMasks() => Assert.That(
        Load("MaskPaths", Options()).Schema["Annotations"].Type, Is.EqualTo(TinyData.AnnotationsType(0, Side, Side)));

    [Test]
    public void Pattern_FindsTheMasksOfEachId()
    {
        var byPath = Load("MaskPaths", Options()).GetColumn<byte[]>("Annotations");

        Assert.That(Load("Id", Options() with { Pattern = "{0}_r*.png" }).GetColumn<byte[]>("Annotations"), Is.EqualTo(byPath));
    }

    [Test]
    public void Pattern_NamesReaders()
    {
        var loaded = Load("Id", Options() with { Pattern = "{0}_{reader}.png" });

        Assert.That(loaded.GetColumn<string[]>("Readers").Take(3), Is.EqualTo((string[][])[["r1", "r2"], ["r1", "r2", "r3"], []]));
    }

    [Test]
    public void NumbersOfFiles_NameReadersWhereThatIsAskedFor() => Assert.That(
        Load("MaskPaths", Options() with { Reading = new ReadingOptions { Readers = ReaderIdentity.ByNumber } }).GetColumn<string[]>("Readers").First(),
        Is.EqualTo((string[])["r1", "r2"]));

    [Test]
    public void PlacesOfPaths_NameReaders_AndEmptyOnesHaveNoMask()
    {
        MaskPathRow[] rows = [new() { MaskPaths = ["c1_r1.png", "", "c1_r3.png"] }, new() { MaskPaths = ["", "", ""] }];

        var loaded = Load("MaskPaths", Options() with { Readers = ["anna", "ben", "carl"], ReadersColumn = "Who" }, rows);

        Assert.That(loaded.GetColumn<string[]>("Who"), Is.EqualTo((string[][])[["anna", "carl"], []]));
        Assert.That(loaded.GetColumn<byte[]>("Annotations"), Is.EqualTo((byte[][])[[.. Mask(1, 0), .. Mask(1, 2)], []]));
    }

    [Test]
    public void ColumnsOfPaths_AreConcatenated()
    {
        var data = _context.Data.LoadFromEnumerable([new { Anna = "c1_r1.png", Ben = "", Carl = "c1_r3.png" }]);
        var loaded = _context.Transforms.Concatenate("Paths", "Anna", "Ben", "Carl")
            .Append(Segmentation.LoadAnnotations("Annotations", "Paths", Options() with { Readers = ["anna", "ben", "carl"] })).Fit(data).Transform(data);

        Assert.That(loaded.GetColumn<string[]>("Readers").Single(), Is.EqualTo((string[])["anna", "carl"]));
        Assert.That(loaded.GetColumn<byte[]>("Annotations").Single(), Is.EqualTo((byte[])[.. Mask(1, 0), .. Mask(1, 2)]));
    }

    [Test]
    public void OnePathARow_IsOneMask() => Assert.That(
        Load("File", Options(), [new() { File = "c0_r2.png" }, new()]).GetColumn<byte[]>("Annotations"), Is.EqualTo((byte[][])[Mask(0, 1), []]));

    [Test]
    public void ForegroundValues_SayWhatIsForeground()
    {
        var path = Path.Combine(_folder, "labels_r1.png");
        ImageFile.Write(path, new ImagePixels(new ImageShape(1, 8, 8), Enumerable.Range(0, 64).Select(i => (byte)(i % 3)).ToArray()));

        var loaded = Load("Id", Options() with { Pattern = "{0}_r*.png", Reading = new ReadingOptions { ForegroundValues = ForegroundValues.Of(2) } }, Labels);

        Assert.That(loaded.GetColumn<byte[]>("Annotations").Single(), Is.EqualTo(Enumerable.Range(0, 64).Select(i => i % 3 == 2 ? 1 : 0)));
    }

    [Test]
    public void IgnoredValues_HaveAColumnOfTheirOwn()
    {
        var path = Path.Combine(_folder, "open_r1.png");
        byte[] values = [.. Enumerable.Range(0, 64).Select(i => i % 3 == 0 ? byte.MinValue : i % 3 == 1 ? byte.MaxValue : (byte)128)];
        ImageFile.Write(path, new ImagePixels(new ImageShape(1, 8, 8), values));
        var reading = new ReadingOptions { ForegroundValues = ForegroundValues.Unmistakable.Ignoring(128) };
        MaskPathRow[] rows = [new() { MaskPaths = ["open_r1.png"] }, new()];

        var loaded = Load("MaskPaths", Options() with { Reading = reading, IgnoredColumn = "Open" }, rows);

        Assert.That(loaded.GetColumn<byte[]>("Annotations").First(), Is.EqualTo(values.Select(value => value == byte.MaxValue ? 1 : 0)));
        Assert.That(loaded.GetColumn<byte[]>("Open"), Is.EqualTo((byte[][])[[.. values.Select(value => (byte)(value == 128 ? 1 : 0))], []]));
    }

    [Test]
    public void TwoOutputsOfOneName_AreRefused() => Assert.That(
        () => Segmentation.LoadAnnotations("Readers", "MaskPaths", Options() with { Readers = ["anna"] }),
        Throws.ArgumentException.With.Message.StartsWith(
            "The output columns are Readers, Readers; give masks, readers (ReadersColumn) and ignored pixels (IgnoredColumn) each a name of its own."));

    [TestCase(40, 24, 16, 16)]
    [TestCase(24, 40, 16, 16)]
    [TestCase(31, 17, 20, 12)]
    [TestCase(16, 16, 48, 32)]
    public void Masks_AreResizedToWhereImagesAre(int height, int width, int toHeight, int toWidth)
    {
        var from = new ImageSize(height, width);
        byte[] mask = [.. Enumerable.Range(0, from.PixelCount).Select(i => (i % width) + (2 * (i / width)) < height && i / width > 2 ? (byte)1 : (byte)0)];
        using var picture = MLImage.CreateFromPixels(
            width, height, MLPixelFormat.Bgra32, [.. mask.SelectMany(value => Enumerable.Repeat((byte)(255 * value), 3).Append((byte)255))]);
        var images = _context.Data.LoadFromEnumerable([new WholePictureRow { Image = picture }]);
        Assert.Multiple(() =>
        {
            foreach (var kind in Enum.GetValues<ImageResizingEstimator.ResizingKind>())
            {
                foreach (var anchor in Enum.GetValues<ImageResizingEstimator.Anchor>())
                {
                    var resized = _context.Transforms.ResizeImages("Small", toWidth, toHeight, "Image", kind, anchor).Fit(images).Transform(images);
                    using var cursor = resized.GetRowCursor(resized.Schema);
                    cursor.MoveNext();
                    MLImage small = null!;
                    cursor.GetGetter<MLImage>(resized.Schema["Small"])(ref small);
                    var expected = Enumerable.Range(0, toHeight * toWidth).Select(i => small.Pixels[4 * i] > 127 ? 1 : 0).ToArray();

                    var actual = Data.MaskResizing.Resize(mask, from, new ImageSize(toHeight, toWidth), kind, anchor);

                    // ML.NET smooths where it crops or pads, so that pixels on the edge of the shape may differ: there are some thirty of them.
                    Assert.That(actual.Zip(expected).Count(pair => pair.First != pair.Second), Is.LessThan(16), $"{kind}, {anchor}");
                }
            }
        });
    }

    [Test]
    public void Pipeline_TrainsSavesAndScoresInAnotherProcess_WhereNoMasksAre()
    {
        var data = _context.Data.LoadFromEnumerable(_rows);
        var options = Options() with { Pattern = "{0}_r*.png", Resize = new ImageSize(TinyData.Side, TinyData.Side) };
        var pipeline = _context.Transforms.LoadImages("Image", _folder, "File")
            .Append(_context.Transforms.ResizeImages("Image", TinyData.Side, TinyData.Side))
            .Append(Segmentation.LoadAnnotations("Annotations", "Id", options))
            .Append(_context.Transforms.AmbiSSL(TinyData.Options));
        using var model = pipeline.Fit(data);
        var (path, dataPath) = (Path.Combine(_folder, "model.zip"), Path.Combine(_folder, "new.idv"));
        _context.Model.Save(model, data.Schema, path);
        var unseen = _context.Transforms.DropColumns("Id", "MaskPaths").Fit(data).Transform(data);
        using (var stream = File.Create(dataPath))
        {
            _context.Data.SaveAsBinary(unseen, stream);
        }

        Assert.That(Segmentation.Evaluate(model.Transform(data)).Images, Is.EqualTo(4));
        Assert.That(model.Transform(unseen).GetColumn<byte[]>("Annotations"), Is.All.Empty);
        Assert.That(AnotherProcess.Hashes(dataPath, path), Is.EqualTo((string[])[AnotherProcess.Hash(model.Transform(data))]));
    }

    [Test]
    public void PredictionEngine_NeedsNoMasks()
    {
        var data = _context.Data.LoadFromEnumerable(_rows);
        var pipeline = _context.Transforms.LoadImages("Image", _folder, "File")
            .Append(_context.Transforms.ResizeImages("Image", TinyData.Side, TinyData.Side))
            .Append(Segmentation.LoadAnnotations("Annotations", "Id", Options() with { Pattern = "{0}_r*.png", Resize = new ImageSize(16, 16) }))
            .Append(_context.Transforms.AmbiSSL(TinyData.Options));
        using var model = pipeline.Fit(data);
        using var engine = _context.Model.CreatePredictionEngine<FileRow, Prediction>(model);

        Assert.That(engine.Predict(new FileRow { File = "c1.png" }).Masks, Is.EqualTo(TinyData.Masks(model.Transform(data))[1]));
    }

    [Test]
    public void EveryOption_IsKeptInTheModelFile()
    {
        var options = new AnnotationLoadingOptions
        {
            Folder = _folder,
            Readers = ["anna", "ben"],
            ReadersColumn = "Who",
            Resize = new ImageSize(8, 12),
            Resizing = ImageResizingEstimator.ResizingKind.IsoPad,
            CropAnchor = ImageResizingEstimator.Anchor.Top,
            Reading = new ReadingOptions { ForegroundValues = ForegroundValues.Of(1, 255), MaximumPixels = 9999, Orientation = ImageOrientation.Stored },
        };
        var data = _context.Data.LoadFromEnumerable(_rows);
        var path = Path.Combine(_folder, "loader.zip");
        _context.Model.Save(Segmentation.LoadAnnotations("Out", "MaskPaths", options).Fit(data), data.Schema, path);

        var loaded = ((AnnotationLoadingTransformer)new MLContext().Model.Load(path, out _)).Loading;

        Assert.Multiple(() =>
        {
            Assert.That((loaded.Output, loaded.Input, loaded.Size), Is.EqualTo(("Out", "MaskPaths", (ImageSize?)Stored)));
            Assert.That(loaded.Options.Readers, Is.EqualTo(options.Readers));
            Assert.That($"{loaded.Options.Reading.ForegroundValues}", Is.EqualTo("1,255"));
            Assert.That(
                loaded.Options with
                {
                    Readers = options.Readers, Reading = loaded.Options.Reading with { ForegroundValues = options.Reading.ForegroundValues },
                },
                Is.EqualTo(options));
        });
    }

    [Test]
    public void ImagesThatWereResizedAlone_AreRefused()
    {
        var data = _context.Data.LoadFromEnumerable(_rows);
        var pipeline = _context.Transforms.LoadImages("Image", _folder, "File")
            .Append(_context.Transforms.ResizeImages("Image", TinyData.Side, TinyData.Side))
            .Append(Segmentation.LoadAnnotations("Annotations", "MaskPaths", Options()))
            .Append(_context.Transforms.AmbiSSL(TinyData.Options));

        Assert.That(() => pipeline.Fit(data), Throws.InvalidOperationException.With.Message.EqualTo(
            "Column 'Annotations', row 0: the masks are 32x32 pixels, but the image is 16x16; resize masks and images alike, as "
            + "AnnotationLoadingOptions.Resize of LoadAnnotations does with masks."));
    }

    [TestCase("c9_r1.png", "Column 'MaskPaths', row 1: Image file '*c9_r1.png' does not exist.")]
    [TestCase("small_r1.png", "Column 'MaskPaths', row 1: Mask '*small_r1.png' is 8x8 pixels (height x width), but the first one was 32x32; set Resize to "
        + "the size to which images are resized.")]
    public void FileThatCannotBeTaken_IsRefusedByRow(string file, string message)
    {
        ImageFile.WriteMask(Path.Combine(_folder, "small_r1.png"), new ImageSize(8, 8), new byte[64]);
        var loaded = Load("MaskPaths", Options(), [_rows[0], new() { MaskPaths = [file] }]);

        Assert.That(
            () => loaded.GetColumn<byte[]>("Annotations").ToArray(),
            Throws.InvalidOperationException.With.Message.EqualTo(message.Replace("*", _folder + Path.DirectorySeparatorChar, StringComparison.Ordinal)));
    }

    [Test]
    public void FolderOfAPatternThatIsNotThere_IsRefused() => Assert.That(
        () => Load("Id", Options() with { Pattern = "mask/{0}_r*.png" }),
        Throws.InvalidOperationException.With.Message.EqualTo(
            $"Column 'Id', row 0: There is no folder '{Path.Combine(_folder, "mask")}' to look for masks in."));

    [Test]
    public void PicturesThatThePatternPassesOver_AreWarnedOf()
    {
        using var folder = new PatternFolder("a.png", "a-r1.png", "b_r1.png", "b-r1.png", "notes.txt");
        ImageFile.WriteMask(Path.Combine(folder.Path, "a_r1.png"), new ImageSize(8, 8), new byte[64]);
        var context = TinyData.Context();
        var warnings = new List<string>();
        context.Log += (_, message) =>
        {
            if (message.Kind == ChannelMessageKind.Warning)
            {
                warnings.Add(message.RawMessage);
            }
        };

        context.AmbiguousSegmentation().LoadAnnotations("Annotations", "Id", new AnnotationLoadingOptions { Folder = folder.Path, Pattern = "{0}_r*.png" })
            .Fit(context.Data.LoadFromEnumerable([new MaskPathRow { Id = "a" }]));

        Assert.That(warnings, Is.EqualTo((string[])[
            "Beside the masks lie 1 pictures that are not named as '{0}_r*.png' says and are not read, such as '"
            + Path.Combine(folder.Path, "a-r1.png") + "'."]));
    }

    [Test]
    public void PathsAndReadersOfAnotherNumber_AreRefused() => Assert.That(
        () => Load("MaskPaths", Options() with { Readers = ["anna"] }),
        Throws.InvalidOperationException.With.Message.EqualTo(
            "Column 'MaskPaths', row 0: There are 2 paths, but Readers names 1 readers; give each a place, an empty one where the reader drew no mask."));

    [Test]
    public void MissingColumn_IsRefusedByFit() => Assert.That(
        () => Load("Masks", Options()),
        Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.StartsWith(
            "Could not find mask paths column 'Masks'; LoadAnnotations needs the paths of the masks, or with a pattern the ids of the images, in the data that "
            + "it is fitted to."));

    [TestCase("masks/a_r*.png", "it has no {0}, for which the id of the image is put")]
    [TestCase("*/{0}.png", "* and {reader} stand in a folder")]
    [TestCase("{0}*.png", "letters and digits alone, or nothing, keep {0}, *, {reader} and {class} apart")]
    [TestCase("{0}r*.png", "letters and digits alone, or nothing, keep {0}, *, {reader} and {class} apart")]
    [TestCase("{0}_{reader}_{reader}.png", "it has {reader} twice")]
    public void PatternInWhichIdsCouldBeMistaken_IsRefused(string pattern, string fault) => Assert.That(
        () => Segmentation.LoadAnnotations("Annotations", "Id", new AnnotationLoadingOptions { Pattern = pattern }),
        Throws.ArgumentException.With.Message.StartsWith($"Option Pattern is '{pattern}', but {fault}; "));

    [TestCase("{0}_r*.png", "a", "a_r2.png|a_r10.png")]
    [TestCase("{0}_r*.png", "a_b", "a_b_r1.png")]
    [TestCase("{0}_{reader}.png", "a", "a_anna.png|a_r.png|a_r2.png|a_r10.png")]
    [TestCase("{0}.png", "a", "a.PNG")]
    [TestCase("r*-{0}.png", "a", "r1-a.png")]
    [TestCase("{0}_r*.png", "x", "")]
    public void Pattern_TakesTheFilesOfItsIdAlone_NumbersByValue(string pattern, string id, string expected)
    {
        using var folder = new PatternFolder("a_r10.png", "a_r2.png", "a_b_r1.png", "a_anna.png", "a.PNG", "r1-a.png", "r1-b-a.png", "A_r3.png", "a_r.png");

        Assert.That(
            new Data.MaskPattern(pattern).Find(folder.Path, id).Select(file => Path.GetFileName(file.Path)),
            Is.EqualTo(expected.Split('|', StringSplitOptions.RemoveEmptyEntries)));
    }

    private static MaskPathRow[] Labels => [new() { Id = "labels" }];

    private static byte[] Mask(int row, int reader) =>
        [.. Enumerable.Range(0, Stored.PixelCount).Select(i => IsInside(row, i, 8 + (2 * reader)) ? (byte)1 : (byte)0)];

    private static byte[] Pixels(int row) =>
        [.. Enumerable.Range(0, Stored.PixelCount).SelectMany(i => (byte[])[IsInside(row, i, 9) ? (byte)200 : (byte)(i % 40), 90, 60, 255])];

    private static bool IsInside(int row, int pixel, int radius)
    {
        var (x, y) = ((pixel % Side) - 12 - row, (pixel / Side) - 14);
        return (x * x) + (y * y) <= radius * radius;
    }

    private AnnotationLoadingOptions Options() => new() { Folder = _folder };

    private IDataView Load(string column, AnnotationLoadingOptions options, IEnumerable<MaskPathRow>? rows = null)
    {
        var data = _context.Data.LoadFromEnumerable(rows ?? _rows);
        return Segmentation.LoadAnnotations("Annotations", column, options).Fit(data).Transform(data);
    }

    private sealed class FileRow
    {
        public string File { get; set; } = "";
    }

    private sealed class PatternFolder : IDisposable
    {
        public PatternFolder(params string[] files)
        {
            foreach (var file in files)
            {
                File.WriteAllBytes(System.IO.Path.Combine(Path, file), []);
            }
        }

        public string Path { get; } = Directory.CreateTempSubdirectory("ambissl-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
