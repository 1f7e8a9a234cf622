using AmbiSSL.Torch.Imaging;

namespace AmbiSSL.Fuzz.Targets;

/// <summary>A PNG whose values or colors are those of two classes, of background and of what is ignored.</summary>
internal sealed class LabelMapTarget : PngTarget
{
    private static readonly ReadingOptions OfClasses = Reading with
    {
        Classes = ClassValues.Parse("core=1+#56B4E9,rim=2+600+#E69F00,background=7"), ForegroundValues = ForegroundValues.Unmistakable.Ignoring(255),
    };

    public override string Name => "label-map";

    public override string Invariant => "Refused by name, or each pixel is of the class that its value has, of none, or ignored, and the same twice.";

    public override string FileName => "mask.png";

    protected override void RequireSound(string path)
    {
        var masks = MaskFile.Read(path, OfClasses);
        var again = MaskFile.Read(path, OfClasses);
        Require(masks.Size == ImageFile.ReadHeader(path, Reading).Shape.Size, "its header says another size");
        Require(
            masks.Values.AsSpan().SequenceEqual(again.Values) && masks.Ignored.AsSpan().SequenceEqual(again.Ignored),
            "it gives another mask when it is read again");
        var numbers = masks.ClassNumbers();
        Require(
            MaskSet.OfClassNumbers(masks.Size, numbers, masks.Classes).Values.AsSpan().SequenceEqual(masks.Values), "numbers of classes are not its planes");
        var image = ImageFile.ReadImage(path, Reading, withAlpha: true);
        for (var pixel = 0; pixel < numbers.Length && image.Shape.Channels == 1; pixel++)
        {
            var value = image.Type == PixelType.UInt8 ? image.Values<byte>()[pixel] : image.Values<ushort>()[pixel];
            var isIgnored = masks.Ignored.Length > 0 && masks.Ignored[pixel] != 0;
            Require(
                value switch
                {
                    0 or 7 => !isIgnored && numbers[pixel] == 0,
                    1 => numbers[pixel] == 1,
                    2 or 600 => numbers[pixel] == 2,
                    255 => isIgnored,
                    _ => false,
                },
                $"pixel {pixel} of value {value} is of class {numbers[pixel]}");
        }
    }

    protected override IReadOnlyList<byte[]> MakeSound()
    {
        byte[] numbers = [.. Enumerable.Range(0, 63).Select(i => (byte)(i % 9 < 3 ? 0 : i % 9 < 6 ? 1 : 2))];
        return
        [
            Write(path => ImageFile.Write(path, new ImagePixels(new ImageShape(1, 7, 9), [.. numbers.Select((value, i) => i < 9 ? (byte)255 : value)]))),
            Write(
                path => ImageFile.Write(
                    path, new ImagePixels(new ImageShape(1, 7, 9), [.. numbers.Select(value => (ushort)(value == 2 ? 600 : value == 0 ? 7 : 1))]))),
            Write(path => PngFile.WriteClasses(path, new ImageSize(7, 9), numbers, new MaskClasses(["core", "rim"]))),
        ];
    }
}
