using Microsoft.ML;
using Microsoft.ML.Data;

namespace AmbiSSL.MLNet.Columns;

/// <summary>
/// How columns hold masks: of one class [H, W] of 0 and 1, of several that exclude each other [H, W] of class numbers, of several that overlap [K, H, W] of 0
/// and 1. Everything else has planes [K, H, W].
/// </summary>
/// <param name="Classes">The classes K.</param>
internal readonly record struct MaskLayout(MaskClasses Classes)
{
    /// <summary>That of a column of masks; of one class where it tells none.</summary>
    public static MaskLayout Of(DataViewSchema.Column column) => new(ClassesAnnotation.Read(column) ?? MaskClasses.One);

    /// <summary>Maps of H·W bytes that a mask has in a column.</summary>
    public int StoredMaps => Classes.Overlap ? Classes.Count : 1;

    /// <summary>The dimensions of a mask in words.</summary>
    public string Dimensions => Classes.Overlap ? "K, H, W" : "H, W";

    /// <summary>The dimensions of a probability, and of outlines, in words.</summary>
    public string PlaneDimensions => Classes.Count > 1 ? "K, H, W" : "H, W";

    /// <summary>Type of a column of masks.</summary>
    /// <param name="size">Height and width, 0 where rows differ.</param>
    /// <param name="sets">Masks of a row; null for one mask, which is no set.</param>
    public VectorDataViewType Type(ImageShape size, int? sets = null) => new(
        NumberDataViewType.Byte,
        (int[])[.. sets is { } count ? (int[])[count] : [], .. Classes.Overlap ? (int[])[Classes.Count] : [], size.Height, size.Width]);

    /// <summary>Type of a column of a plane for each class: of probabilities, or of outlines, which may lie upon each other.</summary>
    /// <param name="item">Type of a value.</param>
    /// <param name="size">Height and width, 0 where rows differ.</param>
    public VectorDataViewType PlanesType(PrimitiveDataViewType item, ImageShape size) =>
        new(item, (int[])[.. Classes.Count > 1 ? (int[])[Classes.Count] : [], size.Height, size.Width]);

    /// <summary>Writes masks as a column holds them.</summary>
    /// <param name="planes">[N, K, H, W] of 0 and 1.</param>
    /// <param name="pixels">H·W.</param>
    /// <param name="stored">Receives them.</param>
    public void Write(ReadOnlySpan<byte> planes, int pixels, Span<byte> stored)
    {
        if (!Classes.IsExclusive)
        {
            planes.CopyTo(stored);
            return;
        }

        MaskSet.NumberClasses(planes, Classes.Count, pixels, stored);
    }

    /// <summary>The planes [N, K, H, W] of masks as a column holds them; the same array where it has planes.</summary>
    /// <param name="stored">The masks.</param>
    /// <param name="pixels">H·W.</param>
    public byte[] Planes(byte[] stored, int pixels)
    {
        if (!Classes.IsExclusive)
        {
            return stored;
        }

        var planes = new byte[stored.Length * Classes.Count];
        for (var i = 0; i < stored.Length; i++)
        {
            // A number of no class, which the model does not write, is background.
            if (stored[i] is > 0 and var number && number <= Classes.Count)
            {
                var (mask, pixel) = Math.DivRem(i, pixels);
                planes[(((mask * Classes.Count) + number - 1) * pixels) + pixel] = 1;
            }
        }

        return planes;
    }
}
