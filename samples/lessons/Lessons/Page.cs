using System.Net;
using System.Text;
using Markdig;

namespace Lessons;

/// <summary>A lesson as one HTML file that loads nothing.</summary>
internal static class Page
{
    private const string Style = """
        :root { color-scheme: light dark; --line: #8884; --code: #8881; }
        body { font: 16px/1.55 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
        pre { font: 12.5px/1.5 ui-monospace, monospace; overflow-x: auto; padding: .7rem .9rem; background: var(--code); border-radius: 6px; margin: .6rem 0; }
        pre + .output, .output + .output { margin-top: .6rem; }
        .output { overflow-x: auto; }
        .output pre { background: none; border-left: 3px solid var(--line); border-radius: 0; }
        img { max-width: 100%; border-radius: 6px; }
        table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
        td, th { padding: .25rem .8rem; border-bottom: 1px solid var(--line); text-align: right; }
        td:first-child, th:first-child { text-align: left; }
        """;

    /// <summary>Text, code and outputs in their order.</summary>
    public static string Of(IReadOnlyList<Cell> cells)
    {
        var title = cells.First(cell => cell.Kind == CellKind.Markdown).Text.Split('\n')[0].TrimStart('#', ' ');
        var html = new StringBuilder(
            $"<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">"
            + $"<title>{WebUtility.HtmlEncode(title)}</title>\n<style>\n{Style}\n</style></head><body>\n");
        foreach (var cell in cells.Where(cell => cell.Kind != CellKind.App))
        {
            html.Append(cell.Kind == CellKind.Markdown ? Markdown.ToHtml(cell.Text) : $"<pre><code>{WebUtility.HtmlEncode(cell.Text)}</code></pre>\n");
            foreach (var output in cell.Outputs)
            {
                html.Append($"<div class=\"output\">{output}</div>\n");
            }
        }

        return html.Append("</body></html>\n").ToString();
    }
}
