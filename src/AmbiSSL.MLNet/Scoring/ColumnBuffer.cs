using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace AmbiSSL.MLNet.Scoring;

/// <summary>Copies of one column's values of the rows that were read ahead.</summary>
internal abstract class ColumnBuffer : IDisposable
{
    private static readonly MethodInfo CreateForValuesMethod = Method(nameof(CreateForValues));
    private static readonly MethodInfo CreateForVectorsMethod = Method(nameof(CreateForVectors));

    /// <summary>Makes a buffer for a column of a row.</summary>
    /// <param name="source">The row, at its current and later positions.</param>
    /// <param name="column">The column.</param>
    /// <param name="capacity">Number of slots.</param>
    public static ColumnBuffer Create(DataViewRow source, DataViewSchema.Column column, int capacity)
    {
        if (column.Type is ImageDataViewType)
        {
            return new ImageColumnBuffer(source.GetGetter<MLImage?>(column), capacity);
        }

        var create = column.Type is VectorDataViewType vector
            ? CreateForVectorsMethod.MakeGenericMethod(vector.ItemType.RawType)
            : CreateForValuesMethod.MakeGenericMethod(column.Type.RawType);
        return (ColumnBuffer)create.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [source, column, capacity], null)!;
    }

    /// <summary>Copies the value of the source's current row.</summary>
    /// <param name="slot">Where to.</param>
    public abstract void Read(int slot);

    /// <summary>Makes a getter of copied values.</summary>
    /// <param name="currentSlot">Tells which slot is the current row's, or throws when there is no current row.</param>
    public abstract Delegate CreateGetter(Func<int> currentSlot);

    /// <summary>Frees the copies.</summary>
    public virtual void Dispose()
    {
    }

    private static ColumnBuffer CreateForValues<T>(DataViewRow source, DataViewSchema.Column column, int capacity) =>
        new ValueColumnBuffer<T>(source.GetGetter<T>(column), capacity);

    private static ColumnBuffer CreateForVectors<T>(DataViewRow source, DataViewSchema.Column column, int capacity) =>
        new VectorColumnBuffer<T>(source.GetGetter<VBuffer<T>>(column), capacity);

    private static MethodInfo Method(string name) => typeof(ColumnBuffer).GetMethod(name, BindingFlags.NonPublic | BindingFlags.Static)!;
}
