using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Lessons;

/// <summary>A lesson as a notebook with its outputs.</summary>
internal sealed partial class Notebook
{
    private const string Packages = "Directory.Packages.props";

    private const string Show = """
        using System.IO;

        // What the lesson shows: HTML where it begins with an element, plain text otherwise.
        static void Show(string value) =>
            HTML(value.StartsWith('<') ? value : $"<pre>{System.Net.WebUtility.HtmlEncode(value)}</pre>").Display();
        """;

    private readonly JsonObject _json;

    private Notebook(JsonObject json) => _json = json;

    /// <summary>Makes a notebook of a lesson's cells, with one cell before them that names the packages and says what showing is.</summary>
    /// <param name="path">The lesson's file, whose first lines name projects and packages.</param>
    /// <param name="cells">Its cells.</param>
    public static Notebook Of(string path, IReadOnlyList<Cell> cells) => new(new JsonObject
    {
        ["cells"] = new JsonArray(
            [Code($"{string.Join('\n', References(path, cells[0].Text))}\n\n{Show}", []), .. cells.Where(cell => cell.Kind != CellKind.App).Select(Json)]),
        ["metadata"] = new JsonObject
        {
            ["kernelspec"] = new JsonObject { ["display_name"] = ".NET (C#)", ["language"] = "C#", ["name"] = ".net-csharp" },
            ["language_info"] = new JsonObject { ["file_extension"] = ".cs", ["mimetype"] = "text/x-csharp", ["name"] = "C#", ["pygments_lexer"] = "csharp" },
            ["polyglot_notebook"] = new JsonObject
            {
                ["kernelInfo"] = new JsonObject { ["defaultKernelName"] = "csharp", ["items"] = new JsonArray(new JsonObject { ["name"] = "csharp" }) },
            },
        },
        ["nbformat"] = 4,
        ["nbformat_minor"] = 4,
    });

    /// <summary>Reads a notebook.</summary>
    public static Notebook Read(string path) => new(JsonNode.Parse(File.ReadAllText(path))!.AsObject());

    /// <summary>Writes the notebook.</summary>
    public void Write(string path)
    {
        using var stream = File.Create(path);
        using var writer = new Utf8JsonWriter(
            stream, new JsonWriterOptions { Indented = true, IndentSize = 1, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        _json.WriteTo(writer);
        writer.Flush();
        stream.WriteByte((byte)'\n');
    }

    /// <summary>An output without its numbers and pictures.</summary>
    public static string WithoutNumbers(string output) => Numbers().Replace(output, "#");

    /// <summary>What differs in another notebook, cell by cell: text, code or outputs.</summary>
    /// <param name="other">The other notebook.</param>
    /// <param name="compared">What is compared of an output.</param>
    public IEnumerable<string> Differences(Notebook other, Func<string, string> compared)
    {
        var (own, others) = (Cells(), other.Cells());
        if (own.Length != others.Length)
        {
            yield return $"{others.Length} cells in place of {own.Length}";
        }

        for (var i = 0; i < Math.Min(own.Length, others.Length); i++)
        {
            if (own[i].Source != others[i].Source)
            {
                yield return $"cell {i + 1}: other text or code";
            }

            // The first cell shows how a kernel loads packages.
            if (i == 0)
            {
                continue;
            }

            foreach (var (shown, instead) in own[i].Outputs.Zip(others[i].Outputs).Where(pair => compared(pair.First) != compared(pair.Second)))
            {
                yield return $"cell {i + 1} shows '{Begin(instead)}' in place of '{Begin(shown)}'";
            }

            if (own[i].Outputs.Length != others[i].Outputs.Length)
            {
                yield return $"cell {i + 1} has {others[i].Outputs.Length} outputs in place of {own[i].Outputs.Length}";
            }
        }
    }

    private static JsonObject Json(Cell cell) => cell.Kind == CellKind.Code
        ? Code(cell.Text, cell.Outputs)
        : new JsonObject { ["cell_type"] = "markdown", ["metadata"] = new JsonObject(), ["source"] = Lines(cell.Text.Replace(".html)", ".ipynb)")) };

    private static JsonObject Code(string text, IEnumerable<string> outputs) => new()
    {
        ["cell_type"] = "code",
        ["execution_count"] = null,
        ["metadata"] = new JsonObject { ["polyglot_notebook"] = new JsonObject { ["kernelName"] = "csharp" } },
        ["outputs"] = new JsonArray(
        [
            .. outputs.Select(html => new JsonObject
            {
                ["data"] = new JsonObject { ["text/html"] = Lines(html) }, ["metadata"] = new JsonObject(), ["output_type"] = "display_data",
            }),
        ]),
        ["source"] = Lines(text),
    };

    private static JsonArray Lines(string text) => new([.. LineEnds().Split(text).Select(line => JsonValue.Create(line))]);

    private static IEnumerable<string> References(string path, string header)
    {
        var folder = new FileInfo(path).Directory;
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, Packages)))
        {
            folder = folder.Parent;
        }

        var versions = XDocument.Load(Path.Combine(folder!.FullName, Packages)).Descendants("PackageVersion")
            .ToDictionary(package => (string)package.Attribute("Include")!, package => ((string)package.Attribute("Version")!).TrimStart('[').Split(',')[0]);
        string[] own = ["AmbiSSL.MLNet, *-*", $"TorchSharp-cpu, {versions["TorchSharp-cpu"]}"];
        return own.Concat(Package().Matches(header).Select(match => match.Groups["name"].Value).Select(name => $"{name}, {versions[name]}"))
            .Select(package => $"#r \"nuget: {package}\"");
    }

    private static string Text(JsonNode? lines) => lines is JsonArray array ? string.Concat(array.Select(line => (string)line!)) : (string?)lines ?? "";

    private static string Begin(string output) => output.Length > 160 ? output[..160] + "..." : output;

    private (string Source, string[] Outputs)[] Cells() =>
    [
        .. _json["cells"]!.AsArray().Select(cell => (
            Text(cell!["source"]),
            cell["outputs"]?.AsArray().Select(output => Text(output!["data"]?["text/html"] ?? output["text"] ?? output["evalue"])).ToArray() ?? [])),
    ];

    [GeneratedRegex("src=\"[^\"]*\"|-?[0-9.]+")]
    private static partial Regex Numbers();

    [GeneratedRegex("(?<=\n)")]
    private static partial Regex LineEnds();

    [GeneratedRegex(@"^#:package (?<name>[\w.]+)", RegexOptions.Multiline)]
    private static partial Regex Package();
}
