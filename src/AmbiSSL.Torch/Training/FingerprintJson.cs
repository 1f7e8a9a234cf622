using System.Text.Json.Serialization;

namespace AmbiSSL.Torch.Training;

/// <summary>How fingerprints of images become JSON, written by the compiler.</summary>
[JsonSerializable(typeof(DataFingerprint))]
internal sealed partial class FingerprintJson : JsonSerializerContext;
