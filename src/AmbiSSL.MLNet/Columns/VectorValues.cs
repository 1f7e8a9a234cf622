using Microsoft.ML.Data;

namespace AmbiSSL.MLNet.Columns;

/// <summary>Copies dense and sparse vectors.</summary>
internal static class VectorValues
{
    /// <summary>Writes every value of a vector, the zeros of a sparse one too.</summary>
    public static void CopyTo<T>(in VBuffer<T> vector, Span<T> destination)
        where T : struct
    {
        var values = vector.GetValues();
        if (vector.IsDense)
        {
            values.CopyTo(destination);
            return;
        }

        destination.Clear();
        var indices = vector.GetIndices();
        for (var i = 0; i < values.Length; i++)
        {
            destination[indices[i]] = values[i];
        }
    }
}
