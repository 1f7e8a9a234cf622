using Microsoft.ML;
using Microsoft.ML.Data;

namespace AmbiSSL.MLNet.Columns;

/// <summary>The values of dense and sparse vectors, one vector after another.</summary>
internal sealed class VectorValues<T>(ValueGetter<VBuffer<T>> getter)
{
    private VBuffer<T> _vector;
    private T[] _values = [];

    /// <summary>Every value of the current row's vector, the zeros of a sparse one too; valid until the next call.</summary>
    public T[] Read()
    {
        getter(ref _vector);
        if (_values.Length != _vector.Length)
        {
            _values = new T[_vector.Length];
        }

        _vector.CopyTo(_values);
        return _values;
    }
}
