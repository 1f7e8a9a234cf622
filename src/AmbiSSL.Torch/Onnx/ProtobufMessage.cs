using Google.Protobuf;

namespace AmbiSSL.Torch.Onnx;

/// <summary>A message of protocol buffers: values under the numbers of their fields. ONNX needs ten kinds of it and of each a few fields.</summary>
internal sealed class ProtobufMessage
{
    private readonly List<(int Field, object Value)> _fields = [];

    /// <summary>Length in bytes.</summary>
    /// <exception cref="OverflowException">It is 2 GB or more, which no reader of protocol buffers takes.</exception>
    public int Size => _fields.Sum(entry => CodedOutputStream.ComputeTagSize(entry.Field) + SizeOf(entry.Value));

    /// <summary>Adds a whole number.</summary>
    public ProtobufMessage Add(int field, long value) => AddValue(field, value);

    /// <summary>Adds a floating-point number.</summary>
    public ProtobufMessage Add(int field, float value) => AddValue(field, value);

    /// <summary>Adds a text.</summary>
    public ProtobufMessage Add(int field, string value) => AddValue(field, value);

    /// <summary>Adds bytes, which are not copied.</summary>
    public ProtobufMessage Add(int field, ReadOnlyMemory<byte> value) => AddValue(field, UnsafeByteOperations.UnsafeWrap(value));

    /// <summary>Adds a message.</summary>
    public ProtobufMessage Add(int field, ProtobufMessage value) => AddValue(field, value);

    /// <summary>Writes the message; the stream stays open.</summary>
    public void WriteTo(Stream stream)
    {
        using var output = new CodedOutputStream(stream, leaveOpen: true);
        WriteTo(output);
    }

    private static int SizeOf(object value) => value switch
    {
        long number => CodedOutputStream.ComputeInt64Size(number),
        float number => CodedOutputStream.ComputeFloatSize(number),
        string text => CodedOutputStream.ComputeStringSize(text),
        ByteString bytes => CodedOutputStream.ComputeBytesSize(bytes),
        _ => WithLength(((ProtobufMessage)value).Size),
    };

    private static int WithLength(int size) => checked(CodedOutputStream.ComputeLengthSize(size) + size);

    private ProtobufMessage AddValue(int field, object value)
    {
        _fields.Add((field, value));
        return this;
    }

    private void WriteTo(CodedOutputStream output)
    {
        foreach (var (field, value) in _fields)
        {
            switch (value)
            {
                case long number:
                    output.WriteTag(field, WireFormat.WireType.Varint);
                    output.WriteInt64(number);
                    break;
                case float number:
                    output.WriteTag(field, WireFormat.WireType.Fixed32);
                    output.WriteFloat(number);
                    break;
                case string text:
                    output.WriteTag(field, WireFormat.WireType.LengthDelimited);
                    output.WriteString(text);
                    break;
                case ByteString bytes:
                    output.WriteTag(field, WireFormat.WireType.LengthDelimited);
                    output.WriteBytes(bytes);
                    break;
                default:
                    var message = (ProtobufMessage)value;
                    output.WriteTag(field, WireFormat.WireType.LengthDelimited);
                    output.WriteLength(message.Size);
                    message.WriteTo(output);
                    break;
            }
        }
    }
}
