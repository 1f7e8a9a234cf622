using AmbiSSL.MLNet.Tests.Support;
using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace AmbiSSL.MLNet.Tests;

public sealed class SuspectMasksTests
{
    private const int Side = TinyData.Side;
    private readonly MLContext _context = new(seed: 1);
    private string _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("ambissl-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void MaskThatCoversThreeCornersOrAll_IsWarnedOf()
    {
        var warnings = Warnings(Disc(), Inverted(Disc()), Enumerable.Repeat((byte)1, Side * Side).ToArray(), OneCorner());

        Assert.That(warnings, Has.Count.EqualTo(1));
        Assert.That(
            warnings[0],
            Does.StartWith("Column 'Annotations': 2 of 4 masks are foreground on three or four corners of the image, the first in row 1."));
    }

    [Test]
    public void MasksWithoutAnyForeground_AreRefused() => Assert.That(
        () => Warnings(new byte[Side * Side], new byte[2 * Side * Side], []),
        Throws.InvalidOperationException.With.Message.EqualTo(
            "Column 'Annotations': none of the 3 masks of 2 annotated training images has a pixel of foreground, so that there is nothing to learn; name the "
            + "value of the foreground (--foreground), or take more images, on which somebody outlined something; ambissl check, in a program Inspect, "
            + "tells of all masks."));

    [Test]
    public void MasksWhoseForegroundIsCroppedAway_AreRefusedWithTheCrop()
    {
        SaveLesions();
        foreach (var mask in Directory.EnumerateFiles(Path.Combine(_folder, "masks")))
        {
            PngFile.WriteMask(mask, new ImageSize(32, 32), [1, .. new byte[(32 * 32) - 1]]);
        }

        var crops = _context.AmbiguousSegmentation().LoadFolder(_folder, new Preprocessing { Crop = new ImageSize(16, 16) });

        Assert.That(
            () => _context.Transforms.AmbiSSL(TinyData.Options).Fit(crops),
            Throws.InvalidOperationException.With.Message.StartsWith(
                "Column 'Annotations': none of the 8 masks of 4 annotated training images has a pixel of foreground after the crop to 16x16, so that there "
                + "is nothing to learn; enlarge the crop (--crop) where it cuts off what was outlined, "));
    }

    [Test]
    public void AClassThatNobodyDrew_IsWarnedOf()
    {
        var warnings = Listen();
        SaveLesions();
        var data = _context.AmbiguousSegmentation().LoadFolder(_folder, reading: new ReadingOptions { Classes = ClassValues.Parse("lesion=255,edge=7") });
        using var model = _context.Transforms.AmbiSSL(TinyData.Options).Fit(data);

        Assert.That(warnings, Has.Exactly(1).StartsWith(
            "Column 'Annotations': no mask of the 4 annotated training images has a pixel of the class 'edge', so that the model will never draw it; "));
    }

    [Test]
    public void ValidationMasksWithoutAnyForeground_AreWarnedOf()
    {
        var warnings = Listen();
        using var model = _context.Transforms.AmbiSSL(TinyData.Options).Fit(Rows(Disc()), Rows(new byte[Side * Side]));

        Assert.That(warnings, Is.EqualTo((string[])[
            "Column 'Annotations': none of the 1 masks of 1 annotated validation images has a pixel of foreground, so that no epoch can be chosen by them; "
            + "name the value of the foreground (--foreground), or take more images, on which somebody outlined something."]));
    }

    [Test]
    public void DiscsBesideAnEmptyMask_AreNotWarnedOf() => Assert.That(Warnings(Disc(), new byte[Side * Side]), Is.Empty);

    private static byte[] Disc() =>
        [.. from y in Enumerable.Range(0, Side) from x in Enumerable.Range(0, Side) select (byte)(((x - 8) * (x - 8)) + ((y - 8) * (y - 8)) < 16 ? 1 : 0)];

    private static byte[] Inverted(byte[] mask) => Array.ConvertAll(mask, value => (byte)(1 - value));

    private static byte[] OneCorner()
    {
        var mask = Disc();
        mask[0] = 1;
        return mask;
    }

    private void SaveLesions() => ImageFolder.Save(
        new SyntheticLesions(new SyntheticLesionOptions { Images = 4, Height = 32, Width = 32, Annotators = 2, ImagesPerSubject = 1, Seed = 1 }), _folder);

    private IDataView Rows(params byte[][] masks) =>
        _context.Data.LoadFromEnumerable(masks.Select((mask, row) => new VectorRow { Image = TinyData.Image(row), Annotations = mask }));

    private List<string> Listen()
    {
        List<string> warnings = [];
        _context.Log += (_, message) =>
        {
            if (message.Kind == ChannelMessageKind.Warning)
            {
                warnings.Add(message.RawMessage);
            }
        };
        return warnings;
    }

    private List<string> Warnings(params byte[][] masks)
    {
        var warnings = Listen();
        using var model = _context.Transforms.AmbiSSL(TinyData.Options).Fit(Rows(masks));
        return warnings;
    }
}
