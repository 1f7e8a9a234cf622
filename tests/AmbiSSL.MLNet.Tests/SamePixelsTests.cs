using AmbiSSL.MLNet.Columns;
using AmbiSSL.MLNet.Tests.Support;
using AmbiSSL.Torch.Tests.Imaging;
using Microsoft.ML;

namespace AmbiSSL.MLNet.Tests;

/// <summary>A file gives the same pixels through the folder loader and through ML.NET's images.</summary>
public sealed class SamePixelsTests
{
    private const int Gray = 0;
    private const int Color = 2;
    private const int Palette = 3;
    private const int GrayAlpha = 4;
    private const int ColorAlpha = 6;
    private const int Width = 24;
    private const int Height = 16;

    private static readonly MLContext Context = TinyData.Context();
    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("ambissl-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [TestCase("a_rgba")]
    [TestCase("a_rgbahalf")]
    public void TransparentPictures_AreTheSame(string name)
    {
        var folder = Path.Combine(TestContext.CurrentContext.TestDirectory, "Cases", name);

        Assert.That(Loaded(folder), Is.EqualTo(Pictures(Path.Combine(folder, "images", "c0.png"), channels: 3)));
    }

    [TestCase(Gray, 1)]
    [TestCase(Gray, 2)]
    [TestCase(Gray, 4)]
    [TestCase(Gray, 8)]
    [TestCase(Gray, 8, false, true)]
    [TestCase(Color, 8)]
    [TestCase(Color, 8, false, true)]
    [TestCase(GrayAlpha, 8)]
    [TestCase(ColorAlpha, 8)]
    [TestCase(Palette, 1)]
    [TestCase(Palette, 8)]
    [TestCase(Palette, 8, true)]
    [TestCase(Palette, 4, false, true)]
    [TestCase(Palette, 8, true, true)]
    public void EveryKindOfPng_IsTheSame(int colorType, int bits, bool grayPalette = false, bool transparency = false)
    {
        var random = new Random(7 + colorType + bits);
        var channels = colorType switch { Color => 3, GrayAlpha => 2, ColorAlpha => 4, _ => 1 };
        var rows = new byte[Height][];
        for (var y = 0; y < Height; y++)
        {
            rows[y] = new byte[Width * channels * bits / 8];
            random.NextBytes(rows[y]);
        }

        var palette = new byte[3 << bits];
        random.NextBytes(palette);
        for (var i = 0; grayPalette && i < palette.Length; i++)
        {
            palette[i] = palette[i / 3 * 3];
        }

        byte[] transparent = colorType switch { Palette => [0, 128, 255, 7], Gray => [0, rows[3][0]], _ => [0, rows[3][0], 0, rows[3][1], 0, rows[3][2]] };
        Directory.CreateDirectory(Path.Combine(_folder, "images"));
        var path = Path.Combine(_folder, "images", "a.png");
        RawPng.Write(path, Width, bits, colorType, rows, colorType == Palette ? palette : null, transparency ? transparent : null);

        var loaded = Loaded(_folder);

        Assert.That(loaded, Is.EqualTo(Pictures(path, channels: loaded.Length / (Width * Height))));
    }

    private static float[] Loaded(string folder)
    {
        var data = Context.AmbiguousSegmentation().LoadFolder(folder);
        return First(data, data.Schema["Image"], channels: 3);
    }

    private static float[] Pictures(string path, int channels)
    {
        var paths = Context.Data.LoadFromEnumerable([new PathRow { Path = path }]);
        var pictures = Context.Transforms.LoadImages("Image", null, "Path").Fit(paths).Transform(paths);
        return First(pictures, pictures.Schema["Image"], channels);
    }

    private static float[] First(IDataView data, DataViewSchema.Column column, int channels)
    {
        using var cursor = data.GetRowCursor([column]);
        var reader = ImageReader.Create(Context, column, channels, cursor);
        cursor.MoveNext();
        return reader.Read(0).ToFloats();
    }
}
