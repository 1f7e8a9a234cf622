using System.Text.Json.Serialization;

namespace AmbiSSL.MLNet.Interop;

/// <summary>How names of columns become JSON, written by the compiler: applications may switch off the serializer's reflection.</summary>
[JsonSerializable(typeof(SegmentationColumns))]
internal sealed partial class StoredColumns : JsonSerializerContext;
