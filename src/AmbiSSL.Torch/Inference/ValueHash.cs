using System.Runtime.InteropServices;

namespace AmbiSSL.Torch.Inference;

/// <summary>A number that depends on every one of some values and their order (FNV-1a).</summary>
internal sealed class ValueHash
{
    /// <summary>The number so far.</summary>
    public ulong Value { get; private set; } = 14695981039346656037UL;

    /// <summary>Goes on with further values.</summary>
    public void Add(ReadOnlySpan<float> values)
    {
        var hash = Value;
        foreach (var bits in MemoryMarshal.Cast<float, uint>(values))
        {
            hash = (hash ^ bits) * 1099511628211UL;
        }

        Value = hash;
    }
}
