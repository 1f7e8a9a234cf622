using System.Text.RegularExpressions;
using Mono.Cecil;

namespace AmbiSSL.Architecture.Tests;

/// <summary>The folders of AmbiSSL.Torch in their order: a type may use those of its own folder and of the folders before it.</summary>
internal static partial class Layers
{
    private static readonly string[] Order =
    [
        "Foundation", "Onnx", "Imaging", "Synthetic", "Networks", "Losses", "Latent", "Metrics", "Answers", "Methods", "Inference", "Models", "Pictures",
        "Inspection", "Reports", "Training",
    ];

    private static readonly SourceFiles Files = new("AmbiSSL.Torch");

    /// <summary>The folders right below the project's.</summary>
    public static IEnumerable<string> Folders => Files.Paths.Select(SourceFiles.TopFolder).Distinct();

    /// <summary>The folders that have a place in the order.</summary>
    public static IEnumerable<string> Ordered => Order;

    /// <summary>"FILE uses FOLDER.TYPE" for each use of a later folder's type in the compiled assembly.</summary>
    public static IEnumerable<string> UpwardUses()
    {
        using var module = Assemblies.Read("AmbiSSL.Torch");
        return [.. from type in Assemblies.OwnTypes(module)
                   let file = Files.Of(Assemblies.PlainName(type))
                   from used in TypeUses.Of(type).Select(used => Outermost(used, module)).OfType<TypeDefinition>().Distinct()
                   let usedFile = Files.Of(Assemblies.PlainName(used))
                   where IsUpward(file, SourceFiles.TopFolder(usedFile))
                   select $"{file} uses {SourceFiles.TopFolder(usedFile)}.{Assemblies.PlainName(used)}"];
    }

    /// <summary>
    /// "FILE names FOLDER.TYPE" for each <c>TYPE.MEMBER</c> of a later folder in the source, and "FILE names FOLDER" for each <c>using</c> of one.
    /// Constants and <c>nameof</c> leave no trace in the assembly.
    /// </summary>
    public static IEnumerable<string> UpwardNames() =>
        from file in Files.Paths
        let code = Files.Code(file)
        from name in Names(file, code).Distinct()
        select $"{file} names {name}";

    private static IEnumerable<string> Names(string file, string code) =>
    [
        .. from @using in Using().Matches(code)
           let folder = @using.Groups["folder"].Value
           where IsUpward(file, folder)
           select folder,
        .. from later in Files.Paths
           let type = Path.GetFileNameWithoutExtension(later)
           where IsUpward(file, SourceFiles.TopFolder(later)) && Regex.IsMatch(code, $@"(?<![\w.]){type}\.[A-Z]|nameof\({type}\)")
           select $"{SourceFiles.TopFolder(later)}.{type}",
    ];

    private static bool IsUpward(string file, string usedFolder) =>
        Array.IndexOf(Order, usedFolder) > Array.IndexOf(Order, SourceFiles.TopFolder(file));

    private static TypeDefinition? Outermost(TypeReference type, ModuleDefinition module)
    {
        while (type.DeclaringType is not null)
        {
            type = type.DeclaringType;
        }

        return type.Scope == module && Assemblies.IsOwn((TypeDefinition)type) ? (TypeDefinition)type : null;
    }

    [GeneratedRegex(@"^using (static )?AmbiSSL\.Torch\.(?<folder>\w+)", RegexOptions.Multiline)]
    private static partial Regex Using();
}
