using AmbiSSL.Torch.Foundation;
using static TorchSharp.torch;

namespace AmbiSSL.Fuzz.Targets;

/// <summary>Any safetensors file, such as pretrained weights.</summary>
internal sealed class SafetensorsTarget : FuzzTarget
{
    public override string Name => "safetensors";

    public override string Invariant => "Refused by name, or written again it reads as the same tensors and text.";

    public override string FileName => "weights.safetensors";

    // Its header is.
    public override bool IsText => true;

    public override byte[] Mend(byte[] mutant, SplitMix64 random) => Seal.Mend(mutant);

    public override bool Check(string path)
    {
        using var scope = NewDisposeScope();
        return Accepts(path, () => RequireSame(path, File.ReadAllBytes(path)), typeof(InvalidDataException));
    }

    protected override IReadOnlyList<byte[]> MakeSound()
    {
        using var scope = NewDisposeScope();
        var tensors = new Dictionary<string, Tensor>
        {
            ["a.weight"] = arange(12, dtype: ScalarType.Float32).view(3, 4), ["b"] = tensor(5L), ["c"] = zeros(0, dtype: ScalarType.Byte),
            ["d"] = ones([2, 1, 2], dtype: ScalarType.BFloat16),
        };
        return [Write(tensors, new Dictionary<string, string> { ["note"] = "é, \"text\"", ["empty"] = "" }), Write(
            new() { ["x"] = ones(3) }, new Dictionary<string, string>())];
    }

    private static byte[] Write(Dictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string> texts)
    {
        using var stream = new MemoryStream();
        Safetensors.Write(stream, tensors, texts);
        return stream.ToArray();
    }

    private static void RequireSame(string path, byte[] file)
    {
        var (tensors, texts) = Safetensors.Read(new MemoryStream(file), path);
        var (again, textsAgain) = Safetensors.Read(new MemoryStream(Write(tensors, texts)), path);
        Require(texts.OrderBy(text => text.Key).SequenceEqual(textsAgain.OrderBy(text => text.Key)), "the text is not the same when it is written again");
        Require(tensors.Count == again.Count, "there are not as many tensors when they are written again");
        foreach (var (name, values) in tensors)
        {
            var same = again[name].dtype == values.dtype && again[name].shape.SequenceEqual(values.shape) && Bytes(again[name]).SequenceEqual(Bytes(values));
            Require(same, $"tensor '{name}' is not the same when it is written again");
        }
    }

    private static byte[] Bytes(Tensor values) => values.numel() == 0 ? [] : values.bytes.ToArray();
}
