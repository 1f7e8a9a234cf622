using System.Runtime.InteropServices;
using AmbiSSL.Torch.Foundation;
using NUnit.Framework;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests.Foundation;

[Platform("Linux")]
public sealed class NativeModuleTests : TorchFixture
{
    // So many that what the runtime itself takes in the meantime, some hundred kilobytes, does not count.
    private const int Modules = 200_000;

    [Test]
    public void A_module_has_its_name_and_a_mode_of_its_own()
    {
        using var module = new Empty("größer");
        var first = module.training;
        module.eval();

        Assert.That((module.GetName(), first, module.training), Is.EqualTo(("größer", true, false)));
    }

    [Test]
    public void A_module_that_is_disposed_leaves_no_memory()
    {
        MakeAndDispose();

        // TorchSharp's own constructor leaves 64 bytes for each. What the runtime takes meanwhile it does not take each time.
        Assert.That(Enumerable.Range(0, 3).Min(_ => MakeAndDispose() / (double)Modules), Is.LessThan(16));
    }

    /// <summary>The bytes that modules leave.</summary>
    private static long MakeAndDispose()
    {
        var before = MemoryInUse();
        for (var made = 0; made < Modules; made++)
        {
            new Empty("module").Dispose();
        }

        return MemoryInUse() - before;
    }

    private static long MemoryInUse()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return (long)GetInfo().InUse;
    }

    [DllImport("libc", EntryPoint = "mallinfo2")]
    private static extern MemoryInfo GetInfo();

    private sealed class Empty(string name) : nn.Module<Tensor, Tensor>(NativeModule.Create(name), 0)
    {
        public override Tensor forward(Tensor input) => input;
    }

    // struct mallinfo2 of glibc: ten sizes, of which the eighth is that of the memory in use.
    [StructLayout(LayoutKind.Explicit, Size = 80)]
    private struct MemoryInfo
    {
        [FieldOffset(56)]
        public nuint InUse;
    }
}
