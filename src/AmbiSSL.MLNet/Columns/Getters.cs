using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace AmbiSSL.MLNet.Columns;

/// <summary>Checks what callers of a row ask for.</summary>
internal static class Getters
{
    /// <summary>Which columns of a schema are asked for.</summary>
    public static bool[] Activate(DataViewSchema schema, IEnumerable<DataViewSchema.Column> columns)
    {
        var active = new bool[schema.Count];
        foreach (var column in columns)
        {
            active[column.Index] = true;
        }

        return active;
    }

    /// <summary>Checks that a column is one of a row's and active.</summary>
    /// <exception cref="ArgumentException">It belongs to another schema.</exception>
    /// <exception cref="InvalidOperationException">It is not active.</exception>
    public static void RequireActive(IExceptionContext context, DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Index >= row.Schema.Count || row.Schema[column.Index].Name != column.Name)
        {
            throw context.Process(new ArgumentException($"Column '{column.Name}' belongs to another schema.", nameof(column)));
        }

        if (!row.IsColumnActive(column))
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

    /// <summary>The getter of a column of pixels, vectors of which type they may be.</summary>
    public static Delegate OfPixels(DataViewRow row, DataViewSchema.Column column) => ImageColumn.VectorType(column.Type) switch
    {
        PixelType.UInt8 => row.GetGetter<VBuffer<byte>>(column),
        PixelType.UInt16 => row.GetGetter<VBuffer<ushort>>(column),
        PixelType.Float32 => row.GetGetter<VBuffer<float>>(column),
        _ => row.GetGetter<MLImage?>(column),
    };
}
