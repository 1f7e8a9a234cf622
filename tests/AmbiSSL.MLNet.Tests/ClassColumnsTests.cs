using AmbiSSL.MLNet.Columns;
using AmbiSSL.MLNet.Data;
using AmbiSSL.MLNet.Tests.Support;
using AmbiSSL.MLNet.Training;
using AmbiSSL.Torch.Imaging;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace AmbiSSL.MLNet.Tests;

/// <summary>Columns of masks of several classes: numbers, or planes where classes overlap.</summary>
public sealed class ClassColumnsTests
{
    private const int Side = 32;

    private static readonly ImageSize Size = new(Side, Side);
    private static readonly byte[] Nothing = new byte[Side * Side];

    private readonly MLContext _context = TinyData.Context();
    private string _folder = null!;

    // Two masks: a core in a rim, and nothing.
    private static byte[] Core => Box(12, 16);

    private static byte[] Rim => [.. Box(8, 20).Zip(Core, (box, core) => (byte)(box - core))];

    private static byte[] Numbers => [.. Core.Zip(Rim, (core, rim) => (byte)(core + (2 * rim)))];

    [OneTimeSetUp]
    public void MakeFolder()
    {
        _folder = Directory.CreateTempSubdirectory("ambissl-").FullName;
        Directory.CreateDirectory(Path.Combine(_folder, "images"));
        Directory.CreateDirectory(Path.Combine(_folder, "masks"));
        Directory.CreateDirectory(Path.Combine(_folder, "planes"));
        Write("images/a.png", Nothing);
        Write("masks/a_r1.png", Numbers);
        Write("masks/a_r2.png", Nothing);
        foreach (var (name, values) in new[] { ("1_core", Core), ("1_rim", Rim), ("2_core", Nothing), ("2_rim", Nothing) })
        {
            Write($"planes/a_r{name}.png", [.. values.Select(value => (byte)(255 * value))]);
        }
    }

    [OneTimeTearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [TestCase("core=1,rim=2", "core, rim")]
    [TestCase("whole=1+2,core=1 overlapping", "whole, core (overlapping)")]
    public void ADataSet_TellsItsClasses_AndTrainingTakesThem(string text, string classes)
    {
        var view = new ImageSourceView(
            (IExceptionContext)_context, ImageFolder.Open(_folder, reading: new ReadingOptions { Classes = ClassValues.Parse(text) }));
        var overlap = ClassValues.Parse(text).Classes.Overlap;

        Assert.Multiple(() =>
        {
            Assert.That(ClassesAnnotation.Read(view.Schema["Annotations"])!.ToString(), Is.EqualTo(classes));
            Assert.That(view.Schema["Annotations"].Type, Is.EqualTo(
                overlap ? new VectorDataViewType(NumberDataViewType.Byte, 0, 2, Side, Side) : new VectorDataViewType(NumberDataViewType.Byte, 0, Side, Side)));
            Assert.That(
                view.GetColumn<byte[]>("Annotations").Single(),
                Is.EqualTo(overlap ? (byte[])[.. Box(8, 20), .. Core, .. Nothing, .. Nothing] : [.. Numbers, .. Nothing]));
            RequireCached(
                view,
                new SegmentationColumns(),
                overlap ? [.. Box(8, 20), .. Core, .. Nothing, .. Nothing] : [.. Core, .. Rim, .. Nothing, .. Nothing],
                classes);
        });
    }

    [TestCase("masks/{0}_r*.png", "core=1,rim=2")]
    [TestCase("planes/{0}_r{reader}_{class}.png", "core,rim")]
    public void LoadAnnotations_ReadsClasses(string pattern, string classes)
    {
        var reading = new ReadingOptions { Classes = ClassValues.Parse(classes) };
        var options = new AnnotationLoadingOptions { Folder = _folder, Pattern = pattern, Reading = reading };
        var data = _context.Data.LoadFromEnumerable([new MaskPathRow { Id = "a" }]);

        var loaded = _context.AmbiguousSegmentation().LoadAnnotations("Annotations", "Id", options).Fit(data).Transform(data);

        Assert.Multiple(() =>
        {
            Assert.That(loaded.GetColumn<byte[]>("Annotations").Single(), Is.EqualTo((byte[])[.. Numbers, .. Nothing]));
            Assert.That(ClassesAnnotation.Read(loaded.Schema["Annotations"])!.ToString(), Is.EqualTo("core, rim"));
            Assert.That(loaded.Schema.GetColumnOrNull("Readers") is null || loaded.GetColumn<string[]>("Readers").Single().SequenceEqual(["1", "2"]));
        });
    }

    [TestCase(
        "masks/{0}_r*.png", "core,rim", "it has no {class}, for which the names of the classes core, rim are put; write it such as masks/{0}_r*_{class}.png.")]
    [TestCase("masks/{0}_r*_{class}.png", "core=1,rim=2", "it has {class}, and no classes are named without values;")]
    [TestCase(
        null,
        "core,rim",
        "The classes 'core,rim' have no values, so that each has files of its own, which Pattern must name with {class}; set it, or give them values")]
    public void LoadAnnotations_RefusesAPatternThatDoesNotFitTheClasses(string? pattern, string classes, string message) => Assert.That(
        () => _context.AmbiguousSegmentation().LoadAnnotations(
            "Annotations", "Id", new AnnotationLoadingOptions { Pattern = pattern, Reading = new ReadingOptions { Classes = ClassValues.Parse(classes) } }),
        Throws.ArgumentException.With.Message.Contains(message));

    [Test]
    public void AClassWithoutItsFile_IsRefused()
    {
        var options = new AnnotationLoadingOptions
        {
            Folder = _folder, Pattern = "planes/{0}_r*_{class}.png", Reading = new ReadingOptions { Classes = ClassValues.Parse("core,rim,edge") },
        };
        var data = _context.Data.LoadFromEnumerable([new MaskPathRow { Id = "a" }]);

        Assert.That(
            () => _context.AmbiguousSegmentation().LoadAnnotations("Annotations", "Id", options).Fit(data),
            Throws.InvalidOperationException.With.Message.Contains(
                "has files of the classes core, rim, and must have one of each of core, rim, edge, black all over"));
    }

    [Test]
    public void AColumnWithoutAnnotation_HasTheClassesThatItsUserNames()
    {
        var columns = new SegmentationColumns { Classes = new MaskClasses(["core", "rim"]) };

        RequireCached(Rows(Numbers), columns, [.. Core, .. Rim], "core, rim");
        Assert.That(
            () => RequireCached(Rows([.. Numbers.Select(number => (byte)(2 * number))]), columns, [], ""),
            Throws.InvalidOperationException.With.Message.Contains("is 4").And.Message.Contains(
                "give 0 for background, or the number of a class, 1 to 2 for core, rim"));
    }

    private static byte[] Box(int start, int end) => [.. Enumerable.Range(0, Side * Side).Select(pixel =>
        (byte)(pixel / Side >= start && pixel / Side < end && pixel % Side >= start && pixel % Side < end ? 1 : 0))];

    private static void RequireMasks(ImageCache cache, byte[] planes)
    {
        var masks = new float[planes.Length];
        cache.ReadAnnotations(0, cache.AnnotationCount(0), masks);
        Assert.That(masks, Is.EqualTo(planes));
    }

    private void RequireCached(IDataView data, SegmentationColumns columns, byte[] planes, string classes)
    {
        using var cache = CacheFiller.Fill((IExceptionContext)_context, data, columns, format => new ImageCache(format), () => { });
        Assert.That(cache.Classes.ToString(), Is.EqualTo(classes));
        RequireMasks(cache, planes);
    }

    private IDataView Rows(byte[] masks)
    {
        var schema = SchemaDefinition.Create(typeof(VectorRow));
        schema["Image"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 1, Side, Side);
        return _context.Data.LoadFromEnumerable([new VectorRow { Image = new float[Side * Side], Annotations = masks }], schema);
    }

    private void Write(string file, byte[] values) =>
        ImageFile.Write(Path.Combine([_folder, .. file.Split('/')]), new ImagePixels(new ImageShape(1, Size.Height, Size.Width), values));
}
