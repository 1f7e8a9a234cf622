using Microsoft.ML;
using Microsoft.ML.Data;

namespace AmbiSSL.MLNet.Scoring;

/// <summary>
/// Type of a column without values that a cursor has beyond those of its data view. While it is there, ML.NET cannot copy the cursor's rows,
/// so a stock transform that follows does not split the cursor over threads, which would compute more than a thousand rows before the first
/// one is used. A second stock transform after the first no longer sees the column; there is no public way to reach so far.
/// </summary>
internal sealed class ReadAheadBarrier : StructuredDataViewType
{
    private ReadAheadBarrier()
        : base(typeof(ReadAheadBarrier))
    {
    }

    /// <summary>The type.</summary>
    public static ReadAheadBarrier Instance { get; } = new();

    /// <summary>Getter of the barrier, which has no values.</summary>
    public static Delegate Getter() => (ValueGetter<ReadAheadBarrier?>)((ref ReadAheadBarrier? value) => value = null);

    public override bool Equals(DataViewType? other) => other is ReadAheadBarrier;

    public override bool Equals(object? other) => other is ReadAheadBarrier;

    public override int GetHashCode() => typeof(ReadAheadBarrier).GetHashCode();

    public override string ToString() => nameof(ReadAheadBarrier);
}
