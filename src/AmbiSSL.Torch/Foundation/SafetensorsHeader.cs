using System.Buffers.Binary;
using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Foundation;

/// <summary>
/// What a safetensors file says before its data: 8 bytes with a length, then JSON with the names, types, shapes and offsets of tensors, and text.
/// All of it is checked when it is read, before memory is taken for a tensor. https://huggingface.co/docs/safetensors
/// </summary>
internal sealed class SafetensorsHeader
{
    private const int MaximumLength = 10_000_000;
    private const int MaximumDimensions = 16;
    private const int PrefixLength = sizeof(long);
    private const string MetadataKey = "__metadata__";

    private static readonly (ScalarType Type, string Name)[] Types =
    [
        (ScalarType.Float32, "F32"), (ScalarType.Float64, "F64"), (ScalarType.Float16, "F16"), (ScalarType.BFloat16, "BF16"),
        (ScalarType.Int64, "I64"), (ScalarType.Int32, "I32"), (ScalarType.Int16, "I16"), (ScalarType.Int8, "I8"),
        (ScalarType.Byte, "U8"), (ScalarType.Bool, "BOOL"),
    ];

    private SafetensorsHeader(byte[] bytes, IReadOnlyList<SafetensorsEntry> entries, IReadOnlyDictionary<string, string> metadata)
    {
        Bytes = bytes;
        Entries = entries;
        Metadata = metadata;
    }

    /// <summary>The header as it is in the file, its length first.</summary>
    public byte[] Bytes { get; }

    /// <summary>The tensors in the order of their data, which has neither gaps nor overlaps.</summary>
    public IReadOnlyList<SafetensorsEntry> Entries { get; }

    /// <summary>The text.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Bytes of data after the header.</summary>
    public long DataLength => Entries.Count == 0 ? 0 : Entries[^1].End;

    /// <summary>Makes the header of tensors, whose data comes in the order of their names.</summary>
    public static byte[] Write(IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        using var header = new MemoryStream();
        header.Write(new byte[PrefixLength]);
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
            foreach (var (name, tensor) in tensors.OrderBy(tensor => tensor.Key, StringComparer.Ordinal))
            {
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

        var bytes = header.ToArray();
        BinaryPrimitives.WriteInt64LittleEndian(bytes, bytes.Length - PrefixLength);
        return bytes;
    }

    /// <summary>Reads a header from a stream, which need not seek and is after it then.</summary>
    /// <param name="stream">At the beginning of the file.</param>
    /// <param name="name">What error messages call the source.</param>
    /// <exception cref="InvalidDataException">The header is cut short, damaged or of another format, or the data is cut short.</exception>
    public static SafetensorsHeader Read(Stream stream, string name)
    {
        var prefix = new byte[PrefixLength];
        Safetensors.ReadExactly(stream, prefix, name);
        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length is < 2 or > MaximumLength)
        {
            throw Safetensors.Damaged(name, $"its header would be {length} bytes long");
        }

        byte[] bytes = [.. prefix, .. new byte[length]];
        Safetensors.ReadExactly(stream, bytes.AsSpan(PrefixLength), name);
        var header = Parse(bytes, name);
        if (stream.CanSeek && stream.Length - stream.Position < header.DataLength)
        {
            throw Safetensors.Damaged(name, $"it ends {header.DataLength - (stream.Length - stream.Position)} bytes too early");
        }

        return header;
    }

    private static SafetensorsHeader Parse(byte[] bytes, string name)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes.AsMemory(PrefixLength));
            var metadata = new Dictionary<string, string>();
            var entries = new List<SafetensorsEntry>();
            var names = new HashSet<string>();
            foreach (var property in document.RootElement.EnumerateObject())
            {
                if (!names.Add(property.Name))
                {
                    throw Safetensors.Damaged(name, $"its header has the name '{property.Name}' twice");
                }

                if (property.NameEquals(MetadataKey))
                {
                    foreach (var text in property.Value.EnumerateObject())
                    {
                        if (!metadata.TryAdd(text.Name, text.Value.GetString() ?? throw new FormatException()))
                        {
                            throw Safetensors.Damaged(name, $"its metadata has the name '{text.Name}' twice");
                        }
                    }
                }
                else
                {
                    entries.Add(ReadEntry(property, name));
                }
            }

            SafetensorsEntry[] inOrder = [.. entries.OrderBy(entry => entry.Begin).ThenBy(entry => entry.End)];
            RequireWhole(inOrder, name);
            return new SafetensorsHeader(bytes, inOrder, metadata);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or OverflowException)
        {
            throw Safetensors.Damaged(name, "its header cannot be read", e);
        }
    }

    private static SafetensorsEntry ReadEntry(JsonProperty property, string name)
    {
        var typeName = property.Value.GetProperty("dtype").GetString();
        var type = Array.Find(Types, type => type.Name == typeName);
        if (type.Name is null)
        {
            throw Safetensors.Damaged(name, $"tensor '{property.Name}' has the unknown type {typeName}");
        }

        var shape = property.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64()).ToArray();
        var offsets = property.Value.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt64()).ToArray();
        if (offsets.Length != 2 || shape.Length > MaximumDimensions || property.Value.EnumerateObject().Count() != 3)
        {
            throw Safetensors.Damaged(name, $"tensor '{property.Name}' is not described by a type, a shape and two offsets");
        }

        var (begin, end) = (offsets[0], offsets[1]);
        var bytes = shape.Aggregate((long)type.Type.ElementSize(), (product, size) => checked(product * size));
        return shape.Any(size => size < 0) || begin < 0 || end - begin != bytes
            ? throw Safetensors.Damaged(name, $"tensor '{property.Name}' of shape [{string.Join(", ", shape)}] takes bytes {begin} to {end}")
            : new SafetensorsEntry(property.Name, type.Type, shape, begin, end);
    }

    private static void RequireWhole(SafetensorsEntry[] entries, string name)
    {
        long position = 0;
        foreach (var entry in entries)
        {
            if (entry.Begin != position)
            {
                throw Safetensors.Damaged(name, $"tensor '{entry.Name}' begins at byte {entry.Begin} of the data instead of {position}");
            }

            position = entry.End;
        }
    }
}
