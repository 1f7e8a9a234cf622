using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using System.Xml.Linq;
using Mono.Cecil;
using Mono.Cecil.Cil;
using NUnit.Framework.Api;
using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;

namespace AmbiSSL.Torch.Tests;

/// <summary>
/// Which members of AmbiSSL.Torch a test executes. The tests run once more inside this process, from a second copy of this assembly that refers
/// to a copy of AmbiSSL.Torch in which each member of interest first notes that it ran. Events are synchronous: queued ones, as is NUnit's default,
/// are told while a later test runs, whose notes they would take or clear.
/// </summary>
internal sealed class ExecutedMembers : ITestListener
{
    private readonly string[] _members;
    private readonly Dictionary<string, HashSet<string>> _executed = [];

    private ExecutedMembers(IEnumerable<string> members) => _members = [.. members.Distinct()];

    /// <summary>Runs tests, named TYPE.METHOD.</summary>
    /// <param name="members">Methods and properties of interest, named TYPE.MEMBER.</param>
    /// <param name="tests">The tests to run.</param>
    /// <returns>For each test that ran, those of the members that it executed in any of its cases.</returns>
    public static IReadOnlyDictionary<string, HashSet<string>> Of(IEnumerable<string> members, IEnumerable<string> tests)
    {
        var recorder = new ExecutedMembers(members);
        var copies = new Copies(recorder.Instrument());
        var runner = new NUnitTestAssemblyRunner(new DefaultTestAssemblyBuilder());
        runner.Load(copies.Tests(), new Dictionary<string, object>
        {
            [NUnit.FrameworkPackageSettings.NumberOfTestWorkers] = 0,
            [NUnit.FrameworkPackageSettings.SynchronousEvents] = true,
        });
        runner.Run(recorder, Filter(tests));
        return recorder._executed;
    }

    /// <inheritdoc/>
    public void TestStarted(ITest test) => Array.ForEach(_members, member => AppContext.SetData(Mark(member), null));

    /// <inheritdoc/>
    public void TestFinished(ITestResult result)
    {
        if (result.Test is { IsSuite: false, ClassName: { } type, MethodName: { } method })
        {
            var test = $"{type[(type.LastIndexOf('.') + 1)..]}.{method}";
            _executed.TryAdd(test, []);
            _executed[test].UnionWith(_members.Where(member => AppContext.GetData(Mark(member)) is not null));
        }
    }

    /// <inheritdoc/>
    public void TestOutput(TestOutput output)
    {
    }

    /// <inheritdoc/>
    public void SendMessage(TestMessage message)
    {
    }

    private static string Mark(string member) => "executed " + member;

    private static TestFilter Filter(IEnumerable<string> tests) => TestFilter.FromXml(
        new XElement("filter", new XElement("or", tests.Distinct().Select(test => test.Split('.')).Select(parts => new XElement("and",
            new XElement("class", new XAttribute("re", 1), $@"\.{parts[0]}$"),
            new XElement("method", parts[1]))))).ToString());

    /// <summary>AmbiSSL.Torch with members that set their marks.</summary>
    private MemoryStream Instrument()
    {
        using var module = ModuleDefinition.ReadModule(typeof(AmbiSSLOptions).Assembly.Location);
        var mark = module.ImportReference(typeof(AppContext).GetMethod(nameof(AppContext.SetData)));
        foreach (var member in _members)
        {
            foreach (var body in Bodies(module, member))
            {
                var processor = body.GetILProcessor();
                var first = body.Instructions[0];
                processor.InsertBefore(first, processor.Create(OpCodes.Ldstr, Mark(member)));
                processor.InsertBefore(first, processor.Create(OpCodes.Ldstr, member));
                processor.InsertBefore(first, processor.Create(OpCodes.Call, mark));
            }
        }

        var copy = new MemoryStream();
        module.Write(copy);
        copy.Position = 0;
        return copy;
    }

    private static IEnumerable<MethodBody> Bodies(ModuleDefinition module, string member)
    {
        var parts = member.Split('.');
        return module.GetTypes().Where(type => type.Name == parts[0])
            .SelectMany(type => type.Methods)
            .Where(method => method.Name == parts[1] || method.Name == "get_" + parts[1])
            .Select(Written)
            .Where(method => method.HasBody)
            .Select(method => method.Body);
    }

    /// <summary>The method that has the body as it was written: of iterators and asynchronous methods that of their state machine.</summary>
    private static MethodDefinition Written(MethodDefinition method) =>
        method.CustomAttributes.FirstOrDefault(attribute => attribute.AttributeType.Name
            is nameof(IteratorStateMachineAttribute) or nameof(AsyncStateMachineAttribute)) is { } attribute
            ? ((TypeReference)attribute.ConstructorArguments[0].Value).Resolve().Methods.Single(step => step.Name == "MoveNext")
            : method;

    /// <summary>A second copy of this assembly that refers to the given AmbiSSL.Torch; all others are shared.</summary>
    private sealed class Copies(Stream instrumented) : AssemblyLoadContext("instrumented")
    {
        public System.Reflection.Assembly Tests() => LoadFromAssemblyPath(typeof(ExecutedMembers).Assembly.Location);

        protected override System.Reflection.Assembly? Load(System.Reflection.AssemblyName name) =>
            name.Name == typeof(AmbiSSLOptions).Assembly.GetName().Name ? LoadFromStream(instrumented) : null;
    }
}
