using System.Text.Json.Serialization;

namespace AmbiSSL.Torch.Imaging;

/// <summary>How <see cref="LabelStudioFile"/> is read, without reflection.</summary>
[JsonSerializable(typeof(List<LabelStudioFile.Task>))]
internal sealed partial class LabelStudioJson : JsonSerializerContext;
