using System.Text.Json.Serialization;

namespace AmbiSSL.Torch.Imaging;

/// <summary>How exports of Label Studio are read, written by the compiler: applications may switch off the serializer's reflection.</summary>
[JsonSerializable(typeof(List<LabelStudioFile.Task>))]
internal sealed partial class LabelStudioJson : JsonSerializerContext;
