using System.Runtime.InteropServices;

namespace AmbiSSL.Benchmarks;

/// <summary>
/// The operations that libtorch computes while an action runs, those of backward passes too, and what called them. One that consists of others is not
/// counted beside these, nor is one that only makes a view or asks for memory: a GPU launches nothing for it.
/// </summary>
/// <remarks>
/// <c>at::RecordFunction</c>, on which libtorch's profiler stands, tells of each operation; TorchSharp has no name for it. The layout of
/// <c>at::RecordFunctionCallback</c> is that of libtorch 2.10.
/// </remarks>
internal static unsafe class OperationCount
{
    // Names of C++: at::addGlobalCallback, at::removeCallback, at::RecordFunction::name.
    private const string AddCallback = "_ZN2at17addGlobalCallbackENS_22RecordFunctionCallbackE";
    private const string RemoveCallback = "_ZN2at14removeCallbackEm";
    private const string NameOf = "_ZNK2at14RecordFunction4nameEv";

    private const string Prefix = "aten::";
    private const string BackwardPrefix = "autograd::engine::evaluate_function: ";

    private static readonly HashSet<string> WithoutWork =
    [
        "_local_scalar_dense", "_nnpack_available", "_reshape_alias", "_unsafe_view", "alias", "as_strided", "as_strided_", "contiguous", "detach",
        "diagonal", "empty", "empty_like",
        "empty_strided", "expand", "expand_as", "flatten", "lift_fresh", "narrow", "new_empty", "new_empty_strided", "permute", "reshape", "resize_",
        "resize_as_", "resolve_conj", "resolve_neg", "result_type", "select", "set_", "slice", "split", "split_with_sizes", "squeeze", "t", "to", "transpose",
        "unbind", "unflatten", "unsqueeze", "view", "view_as",
    ];

    private static readonly Dictionary<string, int> Counts = [];
    private static delegate* unmanaged<nint, byte*> s_nameOf;

    // Whether each operation that is under way on this thread has called one that was counted, and how many those of the outermost are.
    [ThreadStatic]
    private static Stack<bool>? s_underWay;
    [ThreadStatic]
    private static int s_count;

    /// <summary>Whether libtorch tells of its operations on this system.</summary>
    public static bool IsSupported => OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64;

    /// <summary>Counts what an action computes, by the name of the operation that the action or a backward pass called.</summary>
    public static IReadOnlyDictionary<string, int> Of(Action action)
    {
        TorchRuntime.EnsureLoaded();
        var library = NativeLibrary.Load("libtorch_cpu.so");
        s_nameOf = (delegate* unmanaged<nint, byte*>)NativeLibrary.GetExport(library, NameOf);
        var add = (delegate* unmanaged<Callback, ulong>)NativeLibrary.GetExport(library, AddCallback);
        var remove = (delegate* unmanaged<ulong, void>)NativeLibrary.GetExport(library, RemoveCallback);
        Counts.Clear();
        var handle = add(new Callback { Start = &Start, End = &End, Probability = 1, Functions = 1 });
        try
        {
            action();
        }
        finally
        {
            remove(handle);
        }

        return new Dictionary<string, int>(Counts);
    }

    /// <summary>An operation begins; its context is a null pointer.</summary>
    [UnmanagedCallersOnly]
    private static nint* Start(nint* context, nint function)
    {
        *context = 0;
        (s_underWay ??= []).Push(false);
        return context;
    }

    [UnmanagedCallersOnly]
    private static void End(nint function, nint context)
    {
        var name = Marshal.PtrToStringUTF8((nint)s_nameOf(function))!.Replace(Prefix, "").Replace(BackwardPrefix, "");
        var counts = s_underWay!.Pop();
        if (!counts && !WithoutWork.Contains(name) && !name.Contains("Backward", StringComparison.Ordinal) && !name.Contains("::", StringComparison.Ordinal))
        {
            counts = true;
            s_count++;
        }

        if (s_underWay.TryPop(out var outer))
        {
            s_underWay.Push(outer || counts);
            return;
        }

        lock (Counts)
        {
            Counts[name] = Counts.GetValueOrDefault(name) + s_count;
        }

        s_count = 0;
    }

    /// <summary><c>at::RecordFunctionCallback</c>, which is asked for functions alone among ten scopes.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Callback
    {
        public delegate* unmanaged<nint*, nint, nint*> Start;
        public delegate* unmanaged<nint, nint, void> End;
        public double Probability;
        public byte Functions;
        public fixed byte OtherScopesAndNeeds[15];
    }
}
