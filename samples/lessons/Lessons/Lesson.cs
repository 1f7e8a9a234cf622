using System.Net;
using System.Runtime.CompilerServices;

namespace Lessons;

/// <summary>
/// A lesson that runs: its file, cut into cells, and what each shows. At its end it is written as a page, and as a notebook with the same outputs.
/// </summary>
public static class Lesson
{
    private static IReadOnlyList<Cell>? _cells;

    /// <summary>Shows something below the cell of the call.</summary>
    /// <param name="value">HTML where it begins with an element, plain text otherwise.</param>
    /// <param name="path">The lesson's file.</param>
    /// <param name="line">The line of the call.</param>
    public static void Show(string value, [CallerFilePath] string path = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(value);
        _cells ??= Cell.Cut(File.ReadAllText(path));
        _cells.Last(cell => cell.FirstLine < line).Outputs.Add(value.StartsWith('<') ? value : $"<pre>{WebUtility.HtmlEncode(value)}</pre>");
    }

    /// <summary>Writes the page <c>lessons/NAME.html</c>, and does what the arguments ask for.</summary>
    /// <param name="arguments">
    /// <c>--notebook FILE.ipynb</c> writes a notebook. <c>--compare FILE.ipynb</c> holds a notebook that a kernel ran to this run;
    /// <c>--like FILE.ipynb</c> does too, but for numbers and pictures, which are others on another machine.
    /// </param>
    /// <param name="path">The lesson's file.</param>
    /// <returns>The exit code: 1 where a notebook differs.</returns>
    public static int End(string[] arguments, [CallerFilePath] string path = "")
    {
        var cells = _cells ?? throw new InvalidOperationException($"'{path}' shows nothing.");
        Directory.CreateDirectory("lessons");
        var page = Path.Combine("lessons", Path.GetFileNameWithoutExtension(path) + ".html");
        File.WriteAllText(page, Page.Of(cells));
        Console.WriteLine($"{page}; open it in a browser.");
        var notebook = Notebook.Of(path, cells);
        if (Argument("--notebook") is { } file)
        {
            notebook.Write(file);
        }

        string[] differences = [.. Differences("--compare", output => output), .. Differences("--like", Notebook.WithoutNumbers)];
        Array.ForEach(differences, Console.Error.WriteLine);
        return differences.Length == 0 ? 0 : 1;

        IEnumerable<string> Differences(string name, Func<string, string> compared) => Argument(name) is { } other
            ? notebook.Differences(Notebook.Read(other), compared).Select(difference => $"{other}, {difference}")
            : [];

        string? Argument(string name) => Array.IndexOf(arguments, name) is var at && at >= 0 && at + 1 < arguments.Length ? arguments[at + 1] : null;
    }
}
