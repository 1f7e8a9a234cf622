using System.Runtime.InteropServices;
using AmbiSSL.Torch.Foundation;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Foundation.TorchSharp;

[Platform("Linux")]
internal sealed class DenormalNumbersTests
{
    [Test]
    public void They_are_zero_until_the_last_of_nested_uses_ends()
    {
        Assume.That(RuntimeInformation.ProcessArchitecture, Is.EqualTo(Architecture.X64));
        Span<byte> before = stackalloc byte[32];
        _ = FloatingPointEnvironment.Get(before);
        try
        {
            // As a program starts; a library may have set the thread to take them for zero.
            Span<byte> plain = [.. before];
            (plain[28], plain[29]) = (0x80, 0x1F);
            _ = FloatingPointEnvironment.Set(plain);
            Assert.That(Bits(), Is.Not.Zero);
            using (DenormalNumbers.TakeForZero())
            {
                using (DenormalNumbers.TakeForZero())
                {
                    Assert.That(Bits(), Is.Zero);
                }

                Assert.That(Bits(), Is.Zero);
            }

            Assert.That(Bits(), Is.Not.Zero);
        }
        finally
        {
            _ = FloatingPointEnvironment.Set(before);
        }
    }

    // Computed when it runs: the factors come from memory.
    private static int Bits()
    {
        float[] factors = [1e-40f, 1];
        return BitConverter.SingleToInt32Bits(Volatile.Read(ref factors[0]) * Volatile.Read(ref factors[1]));
    }
}
