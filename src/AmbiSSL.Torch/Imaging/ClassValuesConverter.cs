using System.Text.Json;
using System.Text.Json.Serialization;

namespace AmbiSSL.Torch.Imaging;

/// <summary>Writes classes and their values as the text that <see cref="ClassValues.Parse"/> reads.</summary>
internal sealed class ClassValuesConverter : JsonConverter<ClassValues>
{
    public override ClassValues Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        ClassValues.Parse(reader.GetString() ?? "");

    public override void Write(Utf8JsonWriter writer, ClassValues value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
