using Microsoft.ML;

namespace AmbiSSL.MLNet.Scoring;

/// <summary>Buffer of single values.</summary>
/// <param name="source">Getter of the column.</param>
/// <param name="capacity">Number of slots.</param>
internal sealed class ValueColumnBuffer<T>(ValueGetter<T> source, int capacity) : ColumnBuffer
{
    private readonly T[] _values = new T[capacity];

    public override void Read(int slot) => source(ref _values[slot]);

    public override Delegate CreateGetter(Func<int> currentSlot) => (ValueGetter<T>)((ref T value) => value = _values[currentSlot()]);
}
