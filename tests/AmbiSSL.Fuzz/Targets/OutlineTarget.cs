using System.Text;
using AmbiSSL.Torch.Imaging;

namespace AmbiSSL.Fuzz.Targets;

/// <summary>A file that tells of images what was outlined, beside which the images lie.</summary>
internal abstract class OutlineTarget : FuzzTarget
{
    private static readonly ImageSize Size = new(10, 12);

    public override string Invariant => "Refused by name, or every image is read with as many masks as its record says.";

    public override bool IsText => true;

    public override void Prepare(string folder)
    {
        foreach (var name in Images)
        {
            var path = Path.Combine(folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            ImageFile.Write(path, new ImagePixels(new ImageShape(1, Size.Height, Size.Width), new byte[Size.PixelCount]));
        }
    }

    public override bool Check(string path)
    {
        var folder = Path.GetDirectoryName(path)!;
        return Accepts(folder, () => Read(Open(path)), typeof(InvalidDataException), typeof(FileNotFoundException));
    }

    /// <summary>Names of the images, below the folder of the file.</summary>
    protected abstract IReadOnlyList<string> Images { get; }

    /// <summary>Sound files.</summary>
    protected abstract IReadOnlyList<string> Texts { get; }

    /// <summary>Opens the data set.</summary>
    protected abstract ImageSource Open(string path);

    protected sealed override IReadOnlyList<byte[]> MakeSound() => [.. Texts.Select(Encoding.UTF8.GetBytes)];

    private static void Read(ImageSource images)
    {
        for (var i = 0; i < images.Count; i++)
        {
            var (image, record) = (images.Read(i), images.Records[i]);
            Require(image.Annotations.Count == record.Annotators.Count, $"record '{record.Id}' has other masks than it says");
        }
    }
}
