using System.Text.Json.Serialization;
using AmbiSSL.Torch.Answers;

namespace AmbiSSL.Torch.Models;

/// <summary>
/// How options, image formats and names become JSON, written by the compiler: applications may switch off the serializer's reflection, and file-based
/// ones do. Only whole texts are read: a member that is absent would become zero, not its default.
/// </summary>
[JsonSerializable(typeof(SegmentationOptions))]
[JsonSerializable(typeof(ImageFormat))]
[JsonSerializable(typeof(MaskClasses))]
[JsonSerializable(typeof(PostProcessing))]
[JsonSerializable(typeof(PostProcessing[]))]
[JsonSerializable(typeof(ClassOutlines))]
[JsonSerializable(typeof(ClassOutlines[]))]
[JsonSerializable(typeof(FeatureRange))]
[JsonSerializable(typeof(string[]))]
internal sealed partial class StoredJson : JsonSerializerContext;
