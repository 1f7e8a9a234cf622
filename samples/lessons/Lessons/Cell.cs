using System.Text.RegularExpressions;

namespace Lessons;

/// <summary>A part of a lesson's file, from a mark to the next one.</summary>
/// <param name="Kind">What it holds.</param>
/// <param name="FirstLine">Line of its mark, from 1.</param>
/// <param name="Text">Its text; of Markdown, without the slashes.</param>
internal sealed partial record Cell(CellKind Kind, int FirstLine, string Text)
{
    /// <summary>What the cell shows, as HTML, in its order.</summary>
    public List<string> Outputs { get; } = [];

    /// <summary>Cuts a file at its marks: <c>// %%</c> for code, <c>// %% [markdown]</c>, and <c>// %% [app]</c> for code that notebooks have not.</summary>
    /// <exception cref="InvalidDataException">A mark is none of the three.</exception>
    public static IReadOnlyList<Cell> Cut(string source)
    {
        var lines = source.ReplaceLineEndings("\n").Split('\n');
        int[] marks = [.. lines.Index().Where(line => line.Item.StartsWith("// %%", StringComparison.Ordinal)).Select(line => line.Index), lines.Length];
        return
        [
            Of(CellKind.App, 0, lines[..marks[0]]),
            .. marks.Zip(marks.Skip(1), (from, to) => Of(KindOf(lines[from], from + 1), from + 1, lines[(from + 1)..to])),
        ];
    }

    private static CellKind KindOf(string mark, int line) => mark switch
    {
        "// %%" => CellKind.Code,
        "// %% [markdown]" => CellKind.Markdown,
        "// %% [app]" => CellKind.App,
        _ => throw new InvalidDataException($"Line {line}: '{mark}' is no mark of a cell; write // %%, // %% [markdown] or // %% [app]."),
    };

    private static Cell Of(CellKind kind, int firstLine, string[] lines) =>
        new(kind, firstLine, string.Join('\n', kind == CellKind.Markdown ? lines.Select(line => Slashes().Replace(line, "")) : lines).Trim('\n'));

    [GeneratedRegex("^// ?")]
    private static partial Regex Slashes();
}
