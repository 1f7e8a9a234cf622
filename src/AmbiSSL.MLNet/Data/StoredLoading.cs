using System.Text.Json.Serialization;

namespace AmbiSSL.MLNet.Data;

/// <summary>How annotations to load become JSON, written by the compiler: applications may switch off the serializer's reflection.</summary>
[JsonSerializable(typeof(AnnotationLoading))]
internal sealed partial class StoredLoading : JsonSerializerContext;
