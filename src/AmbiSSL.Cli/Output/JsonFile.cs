using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AmbiSSL.Cli.Output;

/// <summary>Writes JSON files.</summary>
internal static class JsonFile
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Writes a file under a temporary name first; its folder is made where there is none.</summary>
    public static void Write(string path, JsonNode content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(content.ToJsonString(Indented) + "\n")));
    }

    /// <summary>A number; null where JSON has none, as for NaN.</summary>
    public static JsonNode? Number(double value) => double.IsFinite(value) ? JsonValue.Create(value) : null;
}
