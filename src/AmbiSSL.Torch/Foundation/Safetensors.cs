using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Foundation;

/// <summary>
/// Reads and writes the safetensors format: a header (<see cref="SafetensorsHeader"/>), then raw data. It holds no code, and a reader can check
/// all of it before it trusts any. https://huggingface.co/docs/safetensors
/// </summary>
internal static class Safetensors
{
    /// <summary>Writes tensors and text. The stream stays open and need not seek.</summary>
    public static void Write(Stream stream, IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        stream.Write(SafetensorsHeader.Write(tensors, metadata));
        WriteData(stream, tensors);
    }

    /// <summary>Writes what follows the header: the values of all tensors, in the order of their names.</summary>
    public static void WriteData(Stream stream, IReadOnlyDictionary<string, Tensor> tensors)
    {
        foreach (var name in tensors.Keys.Order(StringComparer.Ordinal))
        {
            using var scope = NewDisposeScope();
            var contiguous = tensors[name].detach().cpu().contiguous();
            if (contiguous.numel() > 0)
            {
                stream.Write(contiguous.bytes);
            }
        }
    }

    /// <summary>Reads tensors to the CPU; they belong to the caller's dispose scope.</summary>
    /// <param name="stream">Need not seek; it stays open, after the last tensor.</param>
    /// <param name="name">What error messages call the source.</param>
    /// <exception cref="InvalidDataException">The data is cut short, damaged or of another format.</exception>
    public static (Dictionary<string, Tensor> Tensors, IReadOnlyDictionary<string, string> Metadata) Read(Stream stream, string name)
    {
        var header = SafetensorsHeader.Read(stream, name);
        return (ReadData(stream, header, name), header.Metadata);
    }

    /// <summary>Reads what follows the header.</summary>
    /// <inheritdoc cref="Read" path="/param"/>
    /// <inheritdoc cref="Read" path="/exception"/>
    public static Dictionary<string, Tensor> ReadData(Stream stream, SafetensorsHeader header, string name)
    {
        var tensors = new Dictionary<string, Tensor>();
        foreach (var entry in header.Entries)
        {
            var tensor = Allocate(entry, name);
            if (entry.End > entry.Begin)
            {
                ReadExactly(stream, tensor.bytes, name);
            }

            tensors.Add(entry.Name, tensor);
        }

        return tensors;
    }

    /// <summary>Fills a span.</summary>
    /// <exception cref="InvalidDataException">The stream ends before.</exception>
    public static void ReadExactly(Stream stream, Span<byte> destination, string name)
    {
        var read = stream.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false);
        if (read < destination.Length)
        {
            throw Damaged(name, $"it ends {destination.Length - read} bytes too early");
        }
    }

    /// <summary>The error of a file that is none of this format.</summary>
    public static InvalidDataException Damaged(string name, string cause, Exception? inner = null) =>
        new($"{name} is no usable safetensors file: {cause}; it may be cut short, damaged or of another format. Copy or train it again.", inner);

    private static Tensor Allocate(SafetensorsEntry entry, string name)
    {
        if (entry.End - entry.Begin > int.MaxValue)
        {
            throw Damaged(name, $"tensor '{entry.Name}' has {entry.End - entry.Begin} bytes; at most {int.MaxValue} are read");
        }

        try
        {
            return empty(entry.Shape, dtype: entry.Type, device: CPU);
        }
        catch (ExternalException e)
        {
            throw Damaged(name, $"tensor '{entry.Name}' would take {entry.End - entry.Begin} bytes, for which there is no memory", e);
        }
    }
}
