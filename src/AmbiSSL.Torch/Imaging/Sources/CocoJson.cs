using System.Text.Json.Serialization;

namespace AmbiSSL.Torch.Imaging;

/// <summary>How files of COCO annotations are read, written by the compiler: applications may switch off the serializer's reflection.</summary>
[JsonSerializable(typeof(CocoFile))]
internal sealed partial class CocoJson : JsonSerializerContext;
