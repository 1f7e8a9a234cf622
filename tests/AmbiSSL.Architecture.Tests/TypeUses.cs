using Mono.Cecil;
using Mono.Cecil.Cil;

namespace AmbiSSL.Architecture.Tests;

/// <summary>Everything that a type refers to: what it derives from, its members, attributes and method bodies, and those of the types nested in it.</summary>
internal static class TypeUses
{
    /// <summary>The types that a type refers to, without arrays, pointers and generic arguments around them; some may come more than once.</summary>
    public static IEnumerable<TypeReference> Of(TypeDefinition type) => WithNested(type).SelectMany(Direct).SelectMany(Parts);

    /// <summary>The members of other types that the bodies of a type's methods refer to.</summary>
    public static IEnumerable<MemberReference> Members(TypeDefinition type) => WithNested(type)
        .SelectMany(nested => nested.Methods)
        .Where(method => method.HasBody)
        .SelectMany(method => method.Body.Instructions)
        .Select(instruction => instruction.Operand)
        .OfType<MemberReference>();

    private static IEnumerable<TypeDefinition> WithNested(TypeDefinition type) => type.NestedTypes.SelectMany(WithNested).Prepend(type);

    private static IEnumerable<TypeReference?> Direct(TypeDefinition type) =>
    [
        type.BaseType,
        .. type.Interfaces.Select(implemented => implemented.InterfaceType),
        .. Attributes(type),
        .. Constraints(type),
        .. type.Fields.SelectMany(field => Attributes(field).Append(field.FieldType)),
        .. type.Properties.SelectMany(property => Attributes(property).Append(property.PropertyType)),
        .. type.Events.SelectMany(happening => Attributes(happening).Append(happening.EventType)),
        .. type.Methods.SelectMany(Direct),
    ];

    private static IEnumerable<TypeReference?> Direct(MethodDefinition method) =>
    [
        method.ReturnType,
        .. Attributes(method),
        .. Attributes(method.MethodReturnType),
        .. Constraints(method),
        .. method.Parameters.SelectMany(parameter => Attributes(parameter).Append(parameter.ParameterType)),
        .. method.HasBody ? Body(method.Body) : [],
    ];

    private static IEnumerable<TypeReference?> Body(MethodBody body) =>
    [
        .. body.Variables.Select(variable => variable.VariableType),
        .. body.ExceptionHandlers.Select(handler => handler.CatchType),
        .. body.Instructions.SelectMany(instruction => Operand(instruction.Operand)),
    ];

    private static IEnumerable<TypeReference?> Operand(object? operand) => operand switch
    {
        TypeReference type => [type],
        FieldReference field => [field.DeclaringType, field.FieldType],
        GenericInstanceMethod method => [.. method.GenericArguments, .. Operand(method.ElementMethod)],
        MethodReference method => [method.DeclaringType, method.ReturnType, .. method.Parameters.Select(parameter => parameter.ParameterType)],
        _ => [],
    };

    private static IEnumerable<TypeReference?> Attributes(ICustomAttributeProvider provider) => provider.CustomAttributes.SelectMany(attribute =>
        attribute.ConstructorArguments.Select(argument => argument.Value as TypeReference ?? argument.Type).Prepend(attribute.AttributeType));

    private static IEnumerable<TypeReference?> Constraints(IGenericParameterProvider provider) =>
        provider.GenericParameters.SelectMany(parameter => parameter.Constraints).Select(constraint => constraint.ConstraintType);

    private static IEnumerable<TypeReference> Parts(TypeReference? type) => type switch
    {
        null or GenericParameter => [],
        GenericInstanceType generic => [.. generic.GenericArguments.SelectMany(Parts), generic.ElementType],
        IModifierType modified => [.. Parts(modified.ModifierType), .. Parts(modified.ElementType)],
        TypeSpecification specification => Parts(specification.ElementType),
        _ => [type],
    };
}
