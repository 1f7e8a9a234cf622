using AmbiSSL.MLNet.Columns;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace AmbiSSL.MLNet.Data;

/// <summary>Which types a column of paths or ids may have.</summary>
internal static class MaskFilesColumn
{
    private const string MissingRemedy =
        "LoadAnnotations needs the paths of the masks, or with a pattern the ids of the images, in the data that it is fitted to";

    private const string TypeRemedy = "give text";

    /// <summary>Checks what a schema shape tells of the type.</summary>
    public static void Check(IExceptionContext context, SchemaShape schema, AnnotationLoading loading, string parameter)
    {
        var column = schema.FirstOrDefault(column => column.Name == loading.Input);
        if (column.Name is null)
        {
            throw ColumnErrors.Missing(context, parameter, Role(loading), loading.Input, MissingRemedy);
        }

        if (column.ItemType is not TextDataViewType || (loading.Options.Pattern is not null && column.Kind != SchemaShape.Column.VectorKind.Scalar))
        {
            throw ColumnErrors.Mismatch(
                context, parameter, Role(loading), loading.Input, Expected(loading), $"{column.Kind} of {column.ItemType}", TypeRemedy);
        }
    }

    /// <summary>Finds the column and checks that it can be read.</summary>
    public static DataViewSchema.Column Find(IExceptionContext context, DataViewSchema schema, AnnotationLoading loading, string parameter)
    {
        var column = schema.GetColumnOrNull(loading.Input)
            ?? throw ColumnErrors.Missing(context, parameter, Role(loading), loading.Input, MissingRemedy);
        return column.Type is TextDataViewType || (loading.Options.Pattern is null && column.Type is VectorDataViewType { ItemType: TextDataViewType })
            ? column
            : throw ColumnErrors.Mismatch(context, parameter, Role(loading), loading.Input, Expected(loading), column.Type.ToString()!, TypeRemedy);
    }

    private static string Role(AnnotationLoading loading) => loading.Options.Pattern is null ? "mask paths" : "ids";

    private static string Expected(AnnotationLoading loading) => loading.Options.Pattern is null ? "text or a vector of text" : "text";
}
