using System.Buffers.Binary;
using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Foundation;

/// <summary>
/// Reads and writes the safetensors format: an 8-byte header length, a JSON header of names, types, shapes and offsets, then raw data.
/// It holds no code, and a reader can check all of it before it trusts any. https://huggingface.co/docs/safetensors
/// </summary>
internal static class Safetensors
{
    private const int MaximumHeader = 100_000_000;
    private const string MetadataKey = "__metadata__";

    private static readonly (ScalarType Type, string Name)[] Types =
    [
        (ScalarType.Float32, "F32"), (ScalarType.Float64, "F64"), (ScalarType.Float16, "F16"), (ScalarType.BFloat16, "BF16"),
        (ScalarType.Int64, "I64"), (ScalarType.Int32, "I32"), (ScalarType.Int16, "I16"), (ScalarType.Int8, "I8"),
        (ScalarType.Byte, "U8"), (ScalarType.Bool, "BOOL"),
    ];

    /// <summary>Writes tensors and text. The stream stays open and need not seek.</summary>
    public static void Write(Stream stream, IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        var names = tensors.Keys.Order(StringComparer.Ordinal).ToArray();
        var header = WriteHeader(names, tensors, metadata);
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach (var name in names)
        {
            CopyData(tensors[name], stream);
        }
    }

    /// <summary>Writes the values of a tensor in row-major order.</summary>
    public static void CopyData(Tensor tensor, Stream stream)
    {
        using var scope = NewDisposeScope();
        var contiguous = tensor.detach().cpu().contiguous();
        if (contiguous.numel() > 0)
        {
            stream.Write(contiguous.bytes);
        }
    }

    /// <summary>Reads tensors to the CPU; they belong to the caller's dispose scope.</summary>
    /// <param name="stream">Need not seek; it stays open, after the last tensor.</param>
    /// <param name="name">What error messages call the source.</param>
    /// <exception cref="InvalidDataException">The data is cut short, damaged or of another format.</exception>
    public static (Dictionary<string, Tensor> Tensors, Dictionary<string, string> Metadata) Read(Stream stream, string name)
    {
        var (entries, metadata) = ReadHeader(stream, name);
        var tensors = new Dictionary<string, Tensor>();
        long position = 0;
        foreach (var entry in entries.OrderBy(entry => entry.Begin).ThenBy(entry => entry.End))
        {
            if (entry.Begin != position)
            {
                throw Damaged(name, $"tensor '{entry.Name}' begins at byte {entry.Begin} of the data instead of {position}");
            }

            var tensor = empty(entry.Shape, dtype: entry.Type, device: CPU);
            if (entry.End > entry.Begin)
            {
                ReadExactly(stream, tensor.bytes, name);
            }

            tensors.Add(entry.Name, tensor);
            position = entry.End;
        }

        return (tensors, metadata);
    }

    private static byte[] WriteHeader(
        IEnumerable<string> names, IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        using var header = new MemoryStream();
        using (var json = new Utf8JsonWriter(header))
        {
            json.WriteStartObject();
            json.WriteStartObject(MetadataKey);
            foreach (var (key, value) in metadata)
            {
                json.WriteString(key, value);
            }

            json.WriteEndObject();
            long offset = 0;
            foreach (var name in names)
            {
                var tensor = tensors[name];
                json.WriteStartObject(name);
                json.WriteString("dtype", Types.Single(type => type.Type == tensor.dtype).Name);
                json.WriteStartArray("shape");
                foreach (var size in tensor.shape)
                {
                    json.WriteNumberValue(size);
                }

                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                json.WriteNumberValue(offset += tensor.numel() * tensor.dtype.ElementSize());
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        // Data starts at a multiple of eight.
        while (header.Length % 8 != 0)
        {
            header.WriteByte((byte)' ');
        }

        return header.ToArray();
    }

    private static (List<Entry> Entries, Dictionary<string, string> Metadata) ReadHeader(Stream stream, string name)
    {
        Span<byte> prefix = stackalloc byte[8];
        ReadExactly(stream, prefix, name);
        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length is < 2 or > MaximumHeader)
        {
            throw Damaged(name, $"its header would be {length} bytes long");
        }

        var header = new byte[length];
        ReadExactly(stream, header, name);
        try
        {
            using var document = JsonDocument.Parse(header);
            var metadata = new Dictionary<string, string>();
            var entries = new List<Entry>();
            foreach (var property in document.RootElement.EnumerateObject())
            {
                if (property.NameEquals(MetadataKey))
                {
                    foreach (var text in property.Value.EnumerateObject())
                    {
                        metadata[text.Name] = text.Value.GetString() ?? "";
                    }
                }
                else
                {
                    entries.Add(ReadEntry(property, name));
                }
            }

            return (entries, metadata);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or OverflowException)
        {
            throw Damaged(name, "its header cannot be read", e);
        }
    }

    private static Entry ReadEntry(JsonProperty property, string name)
    {
        var typeName = property.Value.GetProperty("dtype").GetString();
        var type = Array.Find(Types, type => type.Name == typeName);
        if (type.Name is null)
        {
            throw Damaged(name, $"tensor '{property.Name}' has the unknown type {typeName}");
        }

        var shape = property.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64()).ToArray();
        var offsets = property.Value.GetProperty("data_offsets");
        var (begin, end) = (offsets[0].GetInt64(), offsets[1].GetInt64());
        var bytes = shape.Aggregate((long)type.Type.ElementSize(), (product, size) => checked(product * size));
        if (shape.Any(size => size < 0) || begin < 0 || end - begin != bytes)
        {
            throw Damaged(name, $"tensor '{property.Name}' of shape [{string.Join(", ", shape)}] takes bytes {begin} to {end}");
        }

        return new Entry(property.Name, type.Type, shape, begin, end);
    }

    private static void ReadExactly(Stream stream, Span<byte> destination, string name)
    {
        var read = stream.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false);
        if (read < destination.Length)
        {
            throw Damaged(name, $"it ends {destination.Length - read} bytes too early");
        }
    }

    private static InvalidDataException Damaged(string name, string cause, Exception? inner = null) =>
        new($"{name} is no usable safetensors file: {cause}; it may be cut short, damaged or of another format. Copy or train it again.", inner);

    private sealed record Entry(string Name, ScalarType Type, long[] Shape, long Begin, long End);
}
