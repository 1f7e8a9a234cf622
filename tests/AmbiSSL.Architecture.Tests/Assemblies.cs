using Mono.Cecil;

namespace AmbiSSL.Architecture.Tests;

/// <summary>Compiled assemblies beside this one.</summary>
internal static class Assemblies
{
    /// <summary>Reads one. The caller disposes it.</summary>
    public static ModuleDefinition Read(string name)
    {
        var resolver = new DefaultAssemblyResolver();
        resolver.AddSearchDirectory(AppContext.BaseDirectory);
        return ModuleDefinition.ReadModule(Path.Combine(AppContext.BaseDirectory, name + ".dll"), new ReaderParameters { AssemblyResolver = resolver });
    }

    /// <summary>The types that somebody wrote, without those nested in them.</summary>
    public static IEnumerable<TypeDefinition> OwnTypes(ModuleDefinition module) => module.Types.Where(IsOwn);

    /// <summary>Whether somebody wrote a type; the others come from the compiler and its generators.</summary>
    public static bool IsOwn(TypeDefinition type) => type.Namespace.StartsWith("AmbiSSL", StringComparison.Ordinal)
        || type.Namespace == "Microsoft.ML"
        || type.Name == "IgnoresAccessChecksToAttribute";

    /// <summary>A type's name without the number of its type parameters.</summary>
    public static string PlainName(TypeReference type) => type.Name.Split('`')[0];
}
