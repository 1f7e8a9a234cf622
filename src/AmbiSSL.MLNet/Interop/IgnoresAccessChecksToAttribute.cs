namespace System.Runtime.CompilerServices;

/// <summary>Lets this assembly use the internal members of another one; the runtime knows the attribute by its name alone.</summary>
/// <param name="assemblyName">Simple name of the other assembly.</param>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
internal sealed class IgnoresAccessChecksToAttribute(string assemblyName) : Attribute
{
    /// <summary>Simple name of the other assembly.</summary>
    public string AssemblyName { get; } = assemblyName;
}
