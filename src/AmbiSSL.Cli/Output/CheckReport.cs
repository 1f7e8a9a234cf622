using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AmbiSSL.Cli.Output;

/// <summary>What was found about a data set, as text and as JSON.</summary>
internal static class CheckReport
{
    private const int Worst = 3;

    /// <summary>Writes what the data set holds, and what would hurt.</summary>
    public static void Write(TextWriter output, DataReport report)
    {
        Terminal.WritePairs(output, Pairs(report));
        output.WriteLine();
        foreach (var finding in report.Findings)
        {
            output.WriteLine($"{Word(finding.Harm)}: {finding}");
        }

        output.WriteLine(report switch
        {
            { IsSound: false } => "Training on this would be wrong.",
            _ when report.Findings.Any(finding => finding.Harm == FindingHarm.Suspicious) =>
                "Nothing makes training wrong for sure; look at what is suspicious.",
            _ => "Nothing suspicious was found.",
        });
    }

    /// <summary>Writes the three worst findings of a data set that is going to be trained on.</summary>
    public static void WriteWorst(TextWriter output, DataReport report)
    {
        Finding[] findings = [.. report.Findings.Where(finding => finding.Harm != FindingHarm.Note)];
        foreach (var finding in findings.Take(Worst))
        {
            output.WriteLine($"{Word(finding.Harm)}: {finding}");
        }

        if (findings.Length > Worst)
        {
            output.WriteLine(FormattableString.Invariant($"{findings.Length - Worst} more: ambissl check lists them."));
        }
    }

    /// <summary>Writes a line for each image of the sheet.</summary>
    public static void WriteSuspects(TextWriter output, DataReport report)
    {
        for (var i = 0; i < report.Suspects.Count; i++)
        {
            var (image, reason) = report.Suspects[i];
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{i + 1,2}  {image.Id}: {reason}"));
        }
    }

    /// <summary>All of the report.</summary>
    public static JsonObject ToJson(DataReport report) => new()
    {
        ["isSound"] = report.IsSound,
        ["images"] = report.Images,
        ["labeled"] = report.Labeled,
        ["subjects"] = report.Subjects,
        ["leftOut"] = new JsonArray([.. report.LeftOut.Select(file => (JsonNode)file.ToString())]),
        ["sizes"] = Counts(report.Sizes),
        ["pixelTypes"] = Counts(report.PixelTypes),
        ["masksOfAnImage"] = Counts(report.MasksOfAnImage),
        ["lowest"] = JsonFile.Number(report.Lowest),
        ["highest"] = JsonFile.Number(report.Highest),
        ["window"] = report.Window?.ToString(),
        ["suggestedWindow"] = report.SuggestedWindow?.ToString(),
        ["agreement"] = JsonFile.Number(report.Agreement),
        ["ignoredShare"] = JsonFile.Number(report.IgnoredShare),
        ["readers"] = new JsonArray([.. report.Readers.Select(reader => (JsonNode)new JsonObject
        {
            ["name"] = reader.Name,
            ["masks"] = reader.Masks,
            ["emptyMasks"] = reader.EmptyMasks,
            ["medianArea"] = JsonFile.Number(reader.MedianArea),
            ["smallestArea"] = reader.SmallestArea,
            ["largestArea"] = reader.LargestArea,
            ["agreement"] = JsonFile.Number(reader.Agreement),
        })]),
        ["classes"] = new JsonArray([.. report.Classes.Select(own => (JsonNode)new JsonObject
        {
            ["name"] = own.Name,
            ["masks"] = own.Masks,
            ["emptyMasks"] = own.EmptyMasks,
            ["medianArea"] = JsonFile.Number(own.MedianArea),
            ["share"] = JsonFile.Number(own.Share),
            ["agreement"] = JsonFile.Number(own.Agreement),
        })]),
        ["findings"] = new JsonArray([.. report.Findings.Select(finding => (JsonNode)new JsonObject
        {
            ["harm"] = JsonNamingPolicy.CamelCase.ConvertName(finding.Harm.ToString()),
            ["problem"] = finding.Problem,
            ["detail"] = finding.Detail,
            ["images"] = new JsonArray([.. finding.Images.Select(id => (JsonNode)id)]),
        })]),
        ["suspects"] = new JsonArray([.. report.Suspects.Select(suspect => (JsonNode)new JsonObject
        {
            ["id"] = suspect.Image.Id,
            ["reason"] = suspect.Reason,
        })]),
    };

    private static IEnumerable<(string Name, string Value)> Pairs(DataReport report)
    {
        yield return ("images", FormattableString.Invariant($"{report.Images:N0} of {report.Subjects:N0} subjects"));
        yield return ("sizes", Words(report.Sizes, size => $"{size} (channels x height x width)"));
        yield return ("pixels", Words(report.PixelTypes, type => type.ToString()) + (float.IsNaN(report.Lowest)
            ? ""
            : FormattableString.Invariant($", which stand for {report.Lowest:G6} to {report.Highest:G6}")));
        yield return ("window", report switch
        {
            { Window: { } window } => window.ToString(),
            { SuggestedWindow: { } suggested } => $"none; give --intensity-window {suggested}",
            _ when float.IsNaN(report.Lowest) => "none",
            _ => "none, and none is needed",
        });
        yield return ("labeled", FormattableString.Invariant($"{report.Labeled:N0} images; {report.Images - report.Labeled:N0} have no mask"));
        yield return ("masks", report.MasksOfAnImage.Count == 0
            ? "none could be read"
            : Words(report.MasksOfAnImage, masks => FormattableString.Invariant($"{masks} mask{(masks == 1 ? "" : "s")}")));
        foreach (var reader in report.Readers)
        {
            yield return ($"  {reader.Name}", FormattableString.Invariant($"{reader.Masks:N0} masks, ") + (double.IsNaN(reader.MedianArea)
                ? "all of them empty"
                : FormattableString.Invariant($"{reader.EmptyMasks:N0} of them empty; foreground {reader.SmallestArea:N0} to ")
                    + FormattableString.Invariant($"{reader.LargestArea:N0} pixels, half below {reader.MedianArea:N0}")
                    + Agreement("; agrees with others by", reader.Agreement)));
        }

        foreach (var own in report.Classes.Count > 1 && report.MasksOfAnImage.Count > 0 ? report.Classes : [])
        {
            var masks = FormattableString.Invariant($"in {own.Masks - own.EmptyMasks:N0} of {own.Masks:N0} masks");
            yield return ($"  {own.Name}", double.IsNaN(own.MedianArea)
                ? masks
                : masks + FormattableString.Invariant($", {own.Share:P2} of all pixels; half below {own.MedianArea:N0} pixels")
                    + Agreement("; readers agree by", own.Agreement));
        }

        if (report.IgnoredShare > 0)
        {
            yield return ("ignored", FormattableString.Invariant($"{report.IgnoredShare:P1} of the masks' pixels"));
        }

        yield return ("agreement", double.IsNaN(report.Agreement)
            ? "unknown; it takes an image with two masks"
            : FormattableString.Invariant($"{report.Agreement:G3}, the mean intersection over union of two masks of an image"));
    }

    private static string Word(FindingHarm harm) => harm switch
    {
        FindingHarm.Wrong => "wrong",
        FindingHarm.Suspicious => "suspicious",
        _ => "note",
    };

    private static string Words<T>(IEnumerable<KeyValuePair<T, int>> counts, Func<T, string> word)
    {
        var all = counts.ToArray();
        return all.Length == 1
            ? $"all {word(all[0].Key)}"
            : string.Join(", ", all.Select(count => FormattableString.Invariant($"{count.Value:N0} of {word(count.Key)}")));
    }

    private static JsonObject Counts<T>(IEnumerable<KeyValuePair<T, int>> counts)
        where T : notnull => new(counts.Select(count => KeyValuePair.Create(
            string.Create(CultureInfo.InvariantCulture, $"{count.Key}"), (JsonNode?)JsonValue.Create(count.Value))));

    private static string Agreement(string words, double value) => double.IsNaN(value) ? "" : FormattableString.Invariant($"{words} {value:G3}");
}
