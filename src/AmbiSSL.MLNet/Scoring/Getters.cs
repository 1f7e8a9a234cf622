using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace AmbiSSL.MLNet.Scoring;

/// <summary>Checks what callers of a row ask for.</summary>
internal static class Getters
{
    /// <summary>Checks that a column belongs to a schema and is active.</summary>
    /// <exception cref="ArgumentException">It belongs to another schema.</exception>
    /// <exception cref="InvalidOperationException">It is not active.</exception>
    public static void RequireActive(IExceptionContext context, DataViewSchema schema, bool[] active, DataViewSchema.Column column)
    {
        if (column.Index >= schema.Count || schema[column.Index].Name != column.Name)
        {
            throw context.Process(new ArgumentException($"Column '{column.Name}' belongs to another schema.", nameof(column)));
        }

        if (!active[column.Index])
        {
            throw context.Process(new InvalidOperationException(
                $"Column '{column.Name}' is not active; name it when the cursor or row is made."));
        }
    }

    /// <summary>A getter as the caller's type.</summary>
    /// <exception cref="InvalidOperationException">The column's values have another type.</exception>
    public static ValueGetter<TValue> Typed<TValue>(IExceptionContext context, DataViewSchema.Column column, Delegate getter) =>
        getter as ValueGetter<TValue>
        ?? throw context.Process(new InvalidOperationException(
            $"Column '{column.Name}' has values of type {column.Type.RawType}, not {typeof(TValue)}."));

    /// <summary>Getter of the barrier, which has no values.</summary>
    public static Delegate Barrier() => (ValueGetter<ReadAheadBarrier?>)((ref ReadAheadBarrier? value) => value = null);
}
