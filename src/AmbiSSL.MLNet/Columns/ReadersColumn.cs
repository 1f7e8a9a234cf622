using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace AmbiSSL.MLNet.Columns;

/// <summary>Which types a column of readers' names may have, and how it is read.</summary>
internal static class ReadersColumn
{
    private const string Role = "readers";
    private const string Expected = "a vector of text, or of keys whose values are text";
    private const string TypeRemedy =
        "give the name of each mask's reader, in the order of the masks, or set SegmentationColumns.Readers to null";

    /// <summary>Checks what a schema shape tells of the type, where there is such a column.</summary>
    public static void Check(IExceptionContext context, SchemaShape schema, string? name, string parameter)
    {
        var column = schema.FirstOrDefault(c => c.Name == name);
        if (column.Name is null)
        {
            RequireDefault(context, name, parameter);
        }
        else if (column.Kind == SchemaShape.Column.VectorKind.Scalar || (column.ItemType is not TextDataViewType && !column.IsKey))
        {
            throw ColumnErrors.Mismatch(context, parameter, Role, column.Name, Expected, $"{column.Kind} of {column.ItemType}", TypeRemedy);
        }
    }

    /// <summary>Finds the column and checks that it can be read; null where there is none under the default name.</summary>
    public static DataViewSchema.Column? Find(IExceptionContext context, DataViewSchema schema, string? name, string parameter)
    {
        if (name is null || schema.GetColumnOrNull(name) is not { } column)
        {
            RequireDefault(context, name, parameter);
            return null;
        }

        var isKey = column.Type is VectorDataViewType { ItemType: KeyDataViewType } && KeyValuesType(column)?.ItemType is TextDataViewType;
        return isKey || column.Type is VectorDataViewType { ItemType: TextDataViewType }
            ? column
            : throw ColumnErrors.Mismatch(context, parameter, Role, name, Expected, column.Type.ToString()!, TypeRemedy);
    }

    /// <summary>Reads the names of a cursor's current row; a key without a value is an empty name.</summary>
    public static Func<string[]> Getter(DataViewRow row, DataViewSchema.Column column)
    {
        var item = ((VectorDataViewType)column.Type).ItemType;
        return item.RawType switch
        {
            var type when type == typeof(byte) => Keys<byte>(row, column, key => key),
            var type when type == typeof(ushort) => Keys<ushort>(row, column, key => key),
            var type when type == typeof(uint) => Keys<uint>(row, column, key => checked((int)key)),
            var type when type == typeof(ulong) => Keys<ulong>(row, column, key => checked((int)key)),
            _ => Values(row.GetGetter<VBuffer<ReadOnlyMemory<char>>>(column), name => name.ToString()),
        };
    }

    private static Func<string[]> Keys<T>(DataViewRow row, DataViewSchema.Column column, Func<T, int> number)
    {
        VBuffer<ReadOnlyMemory<char>> values = default;
        column.GetKeyValues(ref values);
        string[] names = ["", .. values.DenseValues().Select(name => name.ToString())];
        return Values(row.GetGetter<VBuffer<T>>(column), key => names[number(key)]);
    }

    private static Func<string[]> Values<T>(ValueGetter<VBuffer<T>> getter, Func<T, string> name)
    {
        var vectors = new VectorValues<T>(getter);
        return () => Array.ConvertAll(vectors.Read(), value => name(value));
    }

    private static VectorDataViewType? KeyValuesType(DataViewSchema.Column column) =>
        column.Annotations.Schema.GetColumnOrNull("KeyValues")?.Type as VectorDataViewType;

    private static void RequireDefault(IExceptionContext context, string? name, string parameter)
    {
        if (name is not (null or SegmentationColumns.DefaultReaders))
        {
            throw ColumnErrors.Missing(context, parameter, Role, name, "name the column that says who drew the masks with SegmentationColumns.Readers");
        }
    }
}
