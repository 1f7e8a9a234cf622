using System.Text.Json;
using System.Text.Json.Serialization;

namespace AmbiSSL.Torch.Imaging;

/// <summary>Writes what is foreground as the text that <see cref="ForegroundValues.Parse"/> reads.</summary>
internal sealed class ForegroundValuesConverter : JsonConverter<ForegroundValues>
{
    public override ForegroundValues Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        ForegroundValues.Parse(reader.GetString() ?? "");

    public override void Write(Utf8JsonWriter writer, ForegroundValues value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
