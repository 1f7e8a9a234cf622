using System.Text;
using AmbiSSL.Torch.Foundation;
using NUnit.Framework;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests.Foundation;

public sealed class SafetensorsTests : TorchFixture
{
    [Test]
    public void Bytes_are_those_of_the_format()
    {
        using var stream = new MemoryStream();

        Safetensors.Write(stream, new Dictionary<string, Tensor> { ["w"] = tensor([1f, 2f]) }, new Dictionary<string, string> { ["k"] = "v" });

        const string Header = """{"__metadata__":{"k":"v"},"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""";
        var padded = Header.PadRight((Header.Length + 7) / 8 * 8);
        byte[] expected = [(byte)padded.Length, 0, 0, 0, 0, 0, 0, 0, .. Encoding.UTF8.GetBytes(padded), 0, 0, 0x80, 0x3F, 0, 0, 0, 0x40];
        Assert.That(stream.ToArray(), Is.EqualTo(expected));
    }

    [Test]
    public void Every_type_and_layout_comes_back()
    {
        var tensors = new Dictionary<string, Tensor>
        {
            ["float"] = randn(2, 3),
            ["transposed"] = randn(4, 5).t(),
            ["double"] = randn([3], ScalarType.Float64),
            ["bfloat16"] = randn(3).to(ScalarType.BFloat16),
            ["long"] = arange(4, dtype: ScalarType.Int64),
            ["bool"] = tensor([true, false]),
            ["scalar"] = tensor(3f),
            ["empty"] = empty(0, 4),
        };
        using var stream = new MemoryStream();
        Safetensors.Write(stream, tensors, new Dictionary<string, string>());
        stream.Position = 0;

        var (read, _) = Safetensors.Read(stream, "memory");

        foreach (var (name, tensor) in tensors)
        {
            Assert.That(read[name].dtype, Is.EqualTo(tensor.dtype), name);
            Assert.That(read[name].shape, Is.EqualTo(tensor.shape), name);
            Assert.That(read[name].eq(tensor).all().item<bool>(), name);
        }
    }

    [TestCase("""{"w":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", "takes bytes 0 to 8")]
    [TestCase("""{"w":{"dtype":"F32","shape":[-2],"data_offsets":[0,-8]}}""", "takes bytes 0 to -8")]
    [TestCase("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", "begins at byte 4")]
    [TestCase("""{"w":{"dtype":"F99","shape":[2],"data_offsets":[0,8]}}""", "unknown type F99")]
    [TestCase("""{"w":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]}}""", "header cannot be read")]
    [TestCase("""{"w":{"dtype":"F32"}}""", "header cannot be read")]
    [TestCase("""{"w":5}""", "header cannot be read")]
    [TestCase("""["w"]""", "header cannot be read")]
    [TestCase("""{"w":""", "header cannot be read")]
    public void A_damaged_header_is_refused(string header, string cause)
    {
        var bytes = Encoding.UTF8.GetBytes(header);
        using var stream = new MemoryStream([.. BitConverter.GetBytes((long)bytes.Length), .. bytes, .. new byte[64]]);

        Assert.That(
            () => Safetensors.Read(stream, "weights.safetensors"),
            Throws.InstanceOf<InvalidDataException>().With.Message.StartsWith("weights.safetensors is no usable safetensors file").And.Message.Contains(cause));
    }
}
