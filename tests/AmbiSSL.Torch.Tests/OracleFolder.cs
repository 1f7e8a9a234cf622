using System.Text.Json;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests;

/// <summary>
/// The folder of expected numbers: the one that the environment variable <c>AMBISSL_ORACLE</c> names, otherwise the copy beside the tests.
/// </summary>
public static class OracleFolder
{
    public const string EnvironmentVariable = "AMBISSL_ORACLE";

    /// <summary>The copy beside the tests.</summary>
    public static readonly string BesideTests = Path.Combine(AppContext.BaseDirectory, "Oracle");

    public static string Location
    {
        get
        {
            string? chosen = Environment.GetEnvironmentVariable(EnvironmentVariable);
            return string.IsNullOrEmpty(chosen) ? BesideTests : chosen;
        }
    }

    /// <summary>Reads a whole file.</summary>
    public static JsonElement Read(string file) => Read(Location, file);

    /// <summary>Reads a whole file of a folder.</summary>
    public static JsonElement Read(string folder, string file)
    {
        string path = Path.Combine(folder, file);
        if (!File.Exists(path))
        {
            throw new FileNotFoundException(
                $"There is no {file} in {folder}. Point {EnvironmentVariable} at a folder with the expected numbers, or unset it.", path);
        }

        using FileStream stream = File.OpenRead(path);
        using JsonDocument document = JsonDocument.Parse(stream);
        return document.RootElement.Clone();
    }

    /// <summary>Reads the entries of a file's <c>cases</c>.</summary>
    public static IReadOnlyList<JsonElement> ReadCases(string file) => [.. Read(file).GetProperty("cases").EnumerateArray()];

    /// <summary>One NUnit test case for each entry of a file's <c>cases</c>, named after it.</summary>
    public static IEnumerable<TestCaseData> TestCases(string file) =>
        ReadCases(file).Select((entry, index) => new TestCaseData(entry).SetArgDisplayNames($"{index}: {NameOf(entry)}"));

    /// <summary>Reads <c>{"shape": [...], "data": [...]}</c>.</summary>
    public static OracleTensor ReadTensor(JsonElement tensor)
    {
        long[] shape = [.. tensor.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64())];
        double[] data = [.. tensor.GetProperty("data").EnumerateArray().Select(ReadNumber)];
        long count = shape.Aggregate(1L, (product, size) => product * size);
        return data.Length == count
            ? new OracleTensor(shape, data)
            : throw new InvalidDataException($"A tensor of shape [{string.Join(", ", shape)}] needs {count} values; it has {data.Length}.");
    }

    /// <summary>Reads a number that may be absent or null.</summary>
    public static double? ReadOptional(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;

    private static double ReadNumber(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => 1,
        JsonValueKind.False => 0,
        JsonValueKind.Null => double.NaN,
        _ => value.GetDouble(),
    };

    private static string NameOf(JsonElement entry) =>
        entry.TryGetProperty("name", out JsonElement name) && name.ValueKind == JsonValueKind.String ? name.GetString()! : "unnamed";
}
