using System.IO.Compression;
using System.Text.Json;
using AmbiSSL.Torch.Inference;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Imaging;

/// <summary>Files that Pillow, h5py and a writer in Python made, with the values that they hold; tests/Cases/by_python/make.py writes them.</summary>
[TestFixture]
internal sealed class FilesByPythonTests : FolderFixture
{
    [TestCaseSource(nameof(Pictures))]
    public void A_picture_holds_what_was_written(JsonElement picture)
    {
        var path = Save(picture, "picture");
        var shape = Values(picture, "shape");
        var image = ImagePixels.Load(path);
        var most = image.Type == PixelType.UInt16 ? ushort.MaxValue : byte.MaxValue;

        Assert.That(image.Shape, Is.EqualTo(new ImageShape(shape[0], shape[1], shape[2])));
        Assert.That(
            image.ToFloats().Select(value => value * most),
            Is.EqualTo(Values(picture, "values")).Within(picture.GetProperty("tolerance").GetInt32() + 0.01));
    }

    [TestCaseSource(nameof(Pictures))]
    public void The_rows_of_a_picture_are_those_of_the_whole(JsonElement picture)
    {
        var path = Save(picture, "picture");
        var image = ImagePixels.Load(path);
        var (channels, height, width) = (image.Shape.Channels, image.Shape.Height, image.Shape.Width);
        var whole = image.ToFloats();
        using var rows = new FileRows(path, reading: null, new IntensityScale(0, 1, Window: null));

        for (var y = 0; y < height; y++)
        {
            var row = new float[channels * width];
            rows.Read(row);
            Assert.That(row, Is.EqualTo(Enumerable.Range(0, channels).SelectMany(channel => whole.Skip(((channel * height) + y) * width).Take(width))));
        }
    }

    [TestCaseSource(nameof(Arrays))]
    public void An_array_holds_what_was_written_or_is_refused(JsonElement array)
    {
        var path = Save(array, "array.h5");
        if (array.GetProperty("refusal").GetString() is { } refusal)
        {
            Assert.That(
                () => HdfImages.Open(path), Throws.TypeOf<InvalidDataException>().With.Message.StartsWith("Dataset 'images' of").And.Message.Contains(refusal));
            return;
        }

        var images = HdfImages.Open(path);
        float Expected(int k) => array.GetProperty("name").GetString()!.Split(' ', ',')[0] switch
        {
            "words" => k * 701 % 65536 / 65535f,
            "bytes" => k / 255f,
            "halves" => k,
            _ => k / 8f,
        };

        Assert.That(images.Shape, Is.EqualTo(new ImageShape(1, 6, 5)));
        Assert.That(
            Enumerable.Range(0, images.Count).SelectMany(index => images.Read(index).Pixels.ToFloats()), Is.EqualTo(Enumerable.Range(0, 90).Select(Expected)));
    }

    private static IEnumerable<TestCaseData> Pictures() => Cases("pictures.json");

    private static IEnumerable<TestCaseData> Arrays() => Cases("arrays.json");

    private static IEnumerable<TestCaseData> Cases(string file)
    {
        var text = File.ReadAllText(Path.Combine(TestContext.CurrentContext.TestDirectory, "Cases", "by_python", file));
        return JsonDocument.Parse(text).RootElement.EnumerateArray()
            .Select(item => new TestCaseData(item.Clone()).SetArgDisplayNames(item.GetProperty("name").GetString()!));
    }

    private static int[] Values(JsonElement item, string name) => [.. item.GetProperty(name).EnumerateArray().Select(value => value.GetInt32())];

    private string Save(JsonElement item, string name)
    {
        var path = Folder.Combine(name);
        var bytes = item.GetProperty("file").GetBytesFromBase64();
        if (bytes is [0x1F, 0x8B, ..])
        {
            using var unzipped = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
            using var target = File.Create(path);
            unzipped.CopyTo(target);
        }
        else
        {
            File.WriteAllBytes(path, bytes);
        }

        return path;
    }
}
