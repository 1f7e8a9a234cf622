using Microsoft.ML;
using Microsoft.ML.Data;

namespace AmbiSSL.MLNet.Tests.Support;

/// <summary>A row with masks that no model drew.</summary>
public sealed class DrawnRow
{
    public string Id { get; set; } = "";

    public byte[] Masks { get; set; } = [];

    public byte[] Annotations { get; set; } = [];

    /// <summary>A view whose masks are [N, 1, 4].</summary>
    public static IDataView View(int samples, params DrawnRow[] rows)
    {
        var schema = SchemaDefinition.Create(typeof(DrawnRow));
        schema["Masks"].ColumnType = new VectorDataViewType(NumberDataViewType.Byte, samples, 1, 4);
        return TinyData.Context().Data.LoadFromEnumerable(rows, schema);
    }
}
