using System.Text;
using AmbiSSL.Torch.Imaging;

namespace AmbiSSL.Fuzz.Targets;

/// <summary>The index of a folder of images.</summary>
internal sealed class IndexTarget : FuzzTarget
{
    private static readonly ImageSize Size = new(4, 5);

    public override string Name => "index";

    public override string Invariant => "Refused by name, or every record is a file of the folder and is read with as many masks as it says.";

    public override string FileName => "index.csv";

    public override bool IsText => true;

    public override void Prepare(string folder)
    {
        Directory.CreateDirectory(Path.Combine(folder, "images"));
        Directory.CreateDirectory(Path.Combine(folder, "masks"));
        foreach (var id in (string[])["a", "b", "c 1"])
        {
            ImageFile.Write(Path.Combine(folder, "images", $"{id}.png"), new ImagePixels(new ImageShape(1, Size.Height, Size.Width), new byte[20]));
        }

        foreach (var mask in (string[])["a_r1", "a_r2", "c 1_r3"])
        {
            ImageFile.WriteMask(Path.Combine(folder, "masks", $"{mask}.png"), Size, new byte[20]);
        }
    }

    public override bool Check(string path)
    {
        var folder = Path.GetDirectoryName(path)!;
        return Accepts(folder, () => Read(folder), typeof(InvalidDataException), typeof(FileNotFoundException));
    }

    protected override IReadOnlyList<byte[]> MakeSound() =>
    [
        Encoding.UTF8.GetBytes("id,subject,annotators,fold,place\na,p,2,0,\"x, y\"\nb,p,0,0,\nc 1,q,1,1,\"say \"\"z\"\"\"\n"),
        Encoding.UTF8.GetBytes("id,subject,annotators\r\nc 1,q,1\r\na,p,2\r\n"),
    ];

    private static void Read(string folder)
    {
        var images = ImageFolder.Open(folder);
        for (var i = 0; i < images.Count; i++)
        {
            var record = images.Records[i];
            Require(File.Exists(Path.Combine(folder, "images", $"{record.Id}.png")), $"record '{record.Id}' is no file of the folder");
            Require(images.Read(i).Annotations.Count == record.Annotators.Count, $"record '{record.Id}' has other masks than it says");
        }
    }
}
