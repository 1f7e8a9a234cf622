using System.Text.Json.Serialization;
using AmbiSSL.MLNet.Data;

namespace AmbiSSL.MLNet.Interop;

/// <summary>How what transformers keep in a model file becomes JSON, written by the compiler: applications may switch off the serializer's reflection.</summary>
[JsonSerializable(typeof(SegmentationColumns))]
[JsonSerializable(typeof(AnnotationLoading))]
internal sealed partial class StoredSettings : JsonSerializerContext;
