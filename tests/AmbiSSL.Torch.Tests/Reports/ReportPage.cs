using System.Text.Json.Nodes;

namespace AmbiSSL.Torch.Tests.Reports;

/// <summary>A report that was written.</summary>
internal static class ReportPage
{
    /// <summary>The values that the page reads.</summary>
    public static JsonNode Values(string path)
    {
        const string Start = "<script type=\"application/json\" id=\"data\">";
        var page = File.ReadAllText(path);
        var from = page.IndexOf(Start, StringComparison.Ordinal) + Start.Length;
        return JsonNode.Parse(page[from..page.IndexOf("</script>", from, StringComparison.Ordinal)])!;
    }
}
