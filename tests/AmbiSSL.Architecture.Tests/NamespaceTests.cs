using NUnit.Framework;

namespace AmbiSSL.Architecture.Tests;

/// <summary>A user needs one <c>using</c>; what is nobody's business is named after its folder.</summary>
public sealed class NamespaceTests
{
    [TestCase("AmbiSSL.Torch")]
    [TestCase("AmbiSSL.MLNet")]
    public void Public_types_are_in_AmbiSSL_and_catalog_extensions_in_that_of_ML_NET(string assembly)
    {
        using var module = Assemblies.Read(assembly);

        Assert.That(
            from type in module.Types
            where type.IsPublic && type.Namespace is not ("AmbiSSL" or "Microsoft.ML")
            select type.FullName,
            Is.Empty);
    }

    [TestCase("AmbiSSL.Torch")]
    [TestCase("AmbiSSL.MLNet")]
    public void Internal_types_are_in_the_namespace_of_their_folder(string assembly)
    {
        using var module = Assemblies.Read(assembly);
        var files = new SourceFiles(assembly);

        Assert.That(
            from type in Assemblies.OwnTypes(module)
            where !type.IsPublic
            let file = files.Of(Assemblies.PlainName(type))
            where type.Namespace != $"{assembly}.{SourceFiles.TopFolder(file)}".TrimEnd('.') && type.Namespace != "System.Runtime.CompilerServices"
            select $"{file} is in namespace {type.Namespace}",
            Is.Empty);
    }
}
