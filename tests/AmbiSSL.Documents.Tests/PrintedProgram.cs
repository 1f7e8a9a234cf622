using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace AmbiSSL.Documents.Tests;

/// <summary>
/// The Program.cs that a reader gets who copies a document's code: a block that begins with a using directive begins a program, and other blocks
/// of the document go on with it.
/// </summary>
internal sealed partial class PrintedProgram
{
    // Those of a project of Microsoft.NET.Sdk.
    private const string ImplicitUsings =
        "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; "
        + "global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;";

    private static readonly MetadataReference[] References =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path))];

    private readonly List<CodeBlock> _blocks = [];

    /// <summary>The programs of all documents.</summary>
    public static IEnumerable<PrintedProgram> All => Document.All.SelectMany(Of);

    /// <summary>The programs of a document.</summary>
    public static IEnumerable<PrintedProgram> Of(Document document)
    {
        var programs = new List<PrintedProgram>();
        foreach (var block in document.CSharp)
        {
            if (programs.Count == 0
                || (block.Code.StartsWith("using ", StringComparison.Ordinal) && !block.Code.StartsWith("using var", StringComparison.Ordinal)))
            {
                programs.Add(new PrintedProgram());
            }

            programs[^1]._blocks.Add(block);
        }

        return programs;
    }

    /// <summary>What the compiler has against it, by the document's lines.</summary>
    public IEnumerable<Diagnostic> Errors() => Compile(_blocks).GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);

    /// <summary>Runs its first block in this process, with trainings of one epoch.</summary>
    public void RunFirstBlock()
    {
        using var image = new MemoryStream();
        Compile([_blocks[0] with { Code = Epochs().Replace(_blocks[0].Code, "Epochs = 1") }]).Emit(image);
        Assembly.Load(image.ToArray()).EntryPoint!.Invoke(null, [Array.Empty<string>()]);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{_blocks[0].Document} from line {_blocks[0].Line}";

    private static CSharpCompilation Compile(IEnumerable<CodeBlock> blocks)
    {
        var code = string.Join('\n', blocks.Select(block => $"#line {block.Line} \"{block.Document}\"\n{block.Code}"));
        return CSharpCompilation.Create(
            "Printed",
            [CSharpSyntaxTree.ParseText(ImplicitUsings), CSharpSyntaxTree.ParseText(code)],
            References,
            new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable));
    }

    [GeneratedRegex(@"\bEpochs = \d+")]
    private static partial Regex Epochs();
}
