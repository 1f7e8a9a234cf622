using Mono.Cecil;
using Mono.Cecil.Cil;
using TorchSharp;

namespace AmbiSSL.Torch.Tests.Foundation;

/// <summary>
/// What makes a scalar in TorchSharp that nothing keeps while libtorch reads it: methods that take a number, the methods that call these, and
/// types that override a method with one of these.
/// </summary>
internal sealed class TemporaryScalars : IDisposable
{
    private readonly DefaultAssemblyResolver _resolver = new();
    private readonly ModuleDefinition _torchSharp;
    private readonly ModuleDefinition _own;
    private readonly HashSet<MethodDefinition> _makers = [];

    /// <summary>Reads TorchSharp and an assembly that calls it.</summary>
    public TemporaryScalars(string assembly)
    {
        _resolver.AddSearchDirectory(Path.GetDirectoryName(assembly));
        _own = ModuleDefinition.ReadModule(assembly, new ReaderParameters { AssemblyResolver = _resolver });
        _torchSharp = _resolver.Resolve(_own.AssemblyReferences.Single(reference => reference.Name == typeof(Scalar).Assembly.GetName().Name)).MainModule;
        Collect();
    }

    /// <summary>Names of the methods and constructors that make temporary scalars.</summary>
    public IEnumerable<string> Makers => _makers.Select(method => method.FullName);

    /// <summary>The calls that make one, and those that make a scalar without putting it into a variable.</summary>
    public IEnumerable<string> Calls() =>
        from method in Methods(_own)
        from instruction in method.Body.Instructions
        let called = Called(instruction)
        where called is not null && (Makes(instruction, called) || (GivesScalar(called) && !IsKept(instruction.Next)))
        select $"{method.FullName} calls {called.FullName}";

    /// <inheritdoc/>
    public void Dispose()
    {
        _own.Dispose();
        _resolver.Dispose();
    }

    private static IEnumerable<MethodDefinition> Methods(ModuleDefinition module) =>
        module.GetTypes().SelectMany(type => type.Methods).Where(method => method.HasBody);

    private static bool GivesScalar(MethodReference method) => method.ReturnType.FullName == typeof(Scalar).FullName;

    private static bool IsKept(Instruction next) => next.OpCode.Code
        is Code.Stsfld or Code.Stloc or Code.Stloc_S or Code.Stloc_0 or Code.Stloc_1 or Code.Stloc_2 or Code.Stloc_3;

    private void Collect()
    {
        var calls = Methods(_torchSharp)
            .Where(method => !GivesScalar(method))
            .Select(method => (
                method,
                Calls: method.Body.Instructions.Select(call => (call, Called: Called(call))).Where(call => call.Called is not null).ToArray()))
            .ToArray();
        int before;
        do
        {
            before = _makers.Count;
            _makers.UnionWith(calls
                .Where(caller => caller.Calls.Any(call => GivesScalar(call.Called!) || Makes(call.call, call.Called!)))
                .Select(caller => caller.method));
        }
        while (_makers.Count > before);
    }

    /// <summary>Whether a call makes a temporary scalar, or makes an object of a type whose virtual methods do.</summary>
    private bool Makes(Instruction call, MethodDefinition called) =>
        _makers.Contains(called) || (call.OpCode.Code == Code.Newobj && VirtualMethods(called.DeclaringType).Any(_makers.Contains));

    /// <summary>The overrides of TorchSharp's virtual methods that an object of this type has.</summary>
    private IEnumerable<MethodDefinition> VirtualMethods(TypeDefinition type)
    {
        var names = new HashSet<string>();
        for (var current = type; current?.Module == _torchSharp; current = current.BaseType?.Resolve())
        {
            foreach (var method in current.Methods.Where(method => method.IsVirtual && method.IsReuseSlot && names.Add(Signature(method))))
            {
                yield return method;
            }
        }

        static string Signature(MethodDefinition method) => method.Name + string.Join(',', method.Parameters.Select(parameter => parameter.ParameterType));
    }

    /// <summary>The method of TorchSharp that an instruction calls or takes the address of.</summary>
    private MethodDefinition? Called(Instruction instruction) =>
        instruction.Operand is MethodReference method && method.DeclaringType.GetElementType().Resolve()?.Module == _torchSharp ? method.Resolve() : null;
}
