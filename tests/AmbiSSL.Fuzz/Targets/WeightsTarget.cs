using AmbiSSL.Torch.Foundation;

namespace AmbiSSL.Fuzz.Targets;

/// <summary>A model as a safetensors file.</summary>
internal sealed class WeightsTarget : FuzzTarget
{
    private const int MostPixels = 1 << 20;

    public override string Name => "weights";

    public override string Invariant => "Refused by name, or its checksum is right, it is written again as it is, and it draws masks or says that it cannot.";

    public override string FileName => "model.safetensors";

    // Its header is.
    public override bool IsText => true;

    public override byte[] Mend(byte[] mutant, SplitMix64 random) => Seal.Mend(mutant);

    public override bool Check(string path) => Accepts(path, () => Use(path), typeof(InvalidDataException));

    protected override IReadOnlyList<byte[]> MakeSound() => [TinyModel.Save()];

    private static void Use(string path)
    {
        using var model = SegmentationModel.Load(path);
        Require(Seal.IsRight(File.ReadAllBytes(path)), "it is taken with a checksum that is wrong");
        using var stream = new MemoryStream();
        model.Save(stream);
        using var again = SegmentationModel.Load(new MemoryStream(stream.ToArray()), "again");
        Require(again.Images == model.Images && again.Annotators == model.Annotators, "it is not the same when it is written again");
        if (model.Shape.Length > MostPixels)
        {
            return;
        }

        try
        {
            model.SampleMasks(new float[model.Shape.Length], 1, new byte[model.Shape.PixelCount], new float[model.Shape.PixelCount]);
        }
        catch (InvalidOperationException exception) when (exception.Message.Contains("no numbers", StringComparison.Ordinal))
        {
            // Weights that are finite and yet far too large.
        }
    }
}
