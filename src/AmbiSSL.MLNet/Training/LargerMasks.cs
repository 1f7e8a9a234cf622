using AmbiSSL.MLNet.Columns;
using Microsoft.ML.Runtime;

namespace AmbiSSL.MLNet.Training;

/// <summary>
/// Looks for masks that are larger than their images: read as if they had the images' size, one of 64x64 is four of 32x32. A mask is smooth, so its
/// pixels differ less from those a row below them at its true width than at another.
/// </summary>
/// <param name="context">Marks the errors.</param>
/// <param name="column">Name of the column of masks.</param>
internal sealed class LargerMasks(IExceptionContext context, string column)
{
    private const int LargestFactor = 16;
    private const int RowsLookedAt = 100;

    // At each multiple of the images' size; null where the masks of a row are no whole number of masks of that size.
    private readonly long?[] _changes = [.. Enumerable.Repeat<long?>(0, LargestFactor + 1)];
    private int _rows;
    private (long Row, int Masks) _first;

    /// <summary>Looks at the masks of a row.</summary>
    public void Add(long row, MaskSet masks)
    {
        if (masks.Count == 0 || _rows == RowsLookedAt)
        {
            return;
        }

        if (_rows++ == 0)
        {
            _first = (row, masks.Count);
        }

        var values = AnnotationsColumn.Values(masks);
        for (var factor = 1; factor <= LargestFactor; factor++)
        {
            _changes[factor] = masks.Count % (factor * factor) == 0 ? _changes[factor] + Changes(values, factor * masks.Size.Width) : null;
        }
    }

    /// <summary>Checks that no multiple of the images' size fits the masks far better.</summary>
    /// <param name="size">Size of the images.</param>
    /// <exception cref="InvalidOperationException">One does.</exception>
    public void Require(ImageSize size)
    {
        var factor = Enumerable.Range(1, LargestFactor).Where(factor => _changes[factor] is not null).MinBy(factor => _changes[factor]);
        if (2 * _changes[factor] < _changes[1])
        {
            var larger = new ImageSize(factor * size.Height, factor * size.Width);
            throw ColumnErrors.InRow(
                context, column, _first.Row,
                $"read as {_first.Masks} masks of the image's {size} pixels the values make no shapes, "
                + $"but they look like {_first.Masks / (factor * factor)} of {larger}, here and in every row; "
                + "it seems that images were resized and their masks were not",
                "resize masks and images alike, as AnnotationLoadingOptions.Resize of LoadAnnotations does with masks, or tell the size of the masks with "
                + "SegmentationColumns.AnnotationsSize");
        }
    }

    private static long Changes(ReadOnlySpan<byte> values, int distance)
    {
        var changes = 0L;
        for (var pixel = distance; pixel < values.Length; pixel++)
        {
            changes += (values[pixel] == 0) == (values[pixel - distance] == 0) ? 0 : 1;
        }

        return changes;
    }
}
