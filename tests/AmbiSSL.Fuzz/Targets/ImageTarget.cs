using AmbiSSL.Torch.Imaging;

namespace AmbiSSL.Fuzz.Targets;

/// <summary>A picture.</summary>
internal abstract class ImageTarget : FuzzTarget
{
    /// <summary>The largest picture that is read.</summary>
    protected static readonly ReadingOptions Reading = new() { MaximumPixels = 1 << 20 };

    public override string Invariant => "Refused by name, or it has the size and type that its header says, and gives the same pixels twice.";

    public override bool Check(string path) => Accepts(path, () => RequireSound(path), typeof(InvalidDataException));

    /// <summary>Requires the invariant of a picture that is read.</summary>
    protected virtual void RequireSound(string path)
    {
        var image = ImageFile.ReadImage(path, Reading);
        var again = ImageFile.ReadImage(path, Reading);
        var header = ImageFile.ReadHeader(path, Reading);
        Require((header.Shape, header.Type) == (image.Shape, image.Type), "its header says another size or type");
        Require(image.ToFloats().AsSpan().SequenceEqual(again.ToFloats()), "it gives other pixels when it is read again");
    }
}
