using System.Runtime.CompilerServices;
using Mono.Cecil;
using NUnit.Framework;

namespace AmbiSSL.Architecture.Tests;

/// <summary>What the assemblies use of others.</summary>
public sealed class DependencyTests
{
    [Test]
    public void AmbiSSL_Torch_knows_nothing_of_ML_NET()
    {
        using var module = Assemblies.Read("AmbiSSL.Torch");

        Assert.That(module.AssemblyReferences.Select(reference => reference.Name), Has.None.StartsWith("Microsoft.ML"));
    }

    [TestCase("AmbiSSL.Torch")]
    [TestCase("AmbiSSL.MLNet")]
    public void Applications_and_research_have_the_public_members_alone(string assembly)
    {
        using var module = Assemblies.Read(assembly);

        Assert.That(
            from attribute in module.Assembly.CustomAttributes
            where attribute.AttributeType.Name == nameof(InternalsVisibleToAttribute)
            let friend = (string)attribute.ConstructorArguments[0].Value
            where friend is not ("AmbiSSL.MLNet" or "AmbiSSL.Benchmarks" or "AmbiSSL.Fuzz")
            where !friend.EndsWith(".Tests", StringComparison.Ordinal) || friend.Contains("Experiments", StringComparison.Ordinal)
            select friend,
            Is.Empty);
    }

    [Test]
    public void One_folder_uses_internal_members_of_ML_NET()
    {
        using var module = Assemblies.Read("AmbiSSL.MLNet");
        var files = new SourceFiles("AmbiSSL.MLNet");

        Assert.That(
            from type in Assemblies.OwnTypes(module)
            from member in InternalMembers(type).Distinct()
            group member by Assemblies.PlainName(type) into uses
            where SourceFiles.TopFolder(files.Of(uses.Key)) != "Interop"
            select $"{uses.Key} uses {string.Join(", ", uses)}",
            Is.Empty);
        Assert.That(InternalMembers(module.Types.Single(type => type.Name == "MlNetInterop")), Is.Not.Empty);
    }

    [TestCase("AmbiSSL.Torch")]
    [TestCase("AmbiSSL.MLNet")]
    public void JSON_takes_no_reflection_which_file_based_applications_switch_off(string assembly)
    {
        using var module = Assemblies.Read(assembly);

        Assert.That(
            from type in Assemblies.OwnTypes(module)
            from method in TypeUses.Members(type).OfType<MethodReference>()
            where method.DeclaringType.Name == "JsonSerializer"
            where !method.Parameters.Any(parameter => parameter.ParameterType.Name.StartsWith("JsonTypeInfo", StringComparison.Ordinal))
            select $"{Assemblies.PlainName(type)} calls {method.FullName}",
            Is.Empty);
    }

    private static IEnumerable<string> InternalMembers(TypeDefinition type) =>
        TypeUses.Of(type).Where(used => OfMlNet(used) && !IsVisible(used.Resolve())).Select(used => used.FullName).Concat(
            TypeUses.Members(type).Where(used => OfMlNet(used.DeclaringType) && !IsVisible(used.Resolve())).Select(used => used.FullName));

    private static bool OfMlNet(TypeReference? type) => type?.GetElementType().Scope.Name.StartsWith("Microsoft.ML", StringComparison.Ordinal) == true;

    private static bool IsVisible(IMemberDefinition member) => member switch
    {
        TypeDefinition type => type.IsPublic
            || ((type.IsNestedPublic || type.IsNestedFamily || type.IsNestedFamilyOrAssembly) && IsVisible(type.DeclaringType)),
        MethodDefinition method => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly,
        FieldDefinition field => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly,
        _ => true,
    };
}
