using Microsoft.ML;
using Microsoft.ML.Data;

namespace AmbiSSL.MLNet.Interop;

/// <summary>Computes columns of a row from others.</summary>
/// <param name="transformer">Whose columns they are.</param>
internal abstract class RowMapper(ITransformer transformer) : IRowMapper
{
    public abstract DataViewSchema.DetachedColumn[] GetOutputColumns();

    public abstract Func<int, bool> GetDependencies(Func<int, bool> activeOutput);

    /// <summary>A getter for each column of <see cref="GetOutputColumns"/> that is active, and null for the others.</summary>
    public abstract Delegate?[] CreateGetters(DataViewRow input, Func<int, bool> activeOutput);

    Delegate?[] IRowMapper.CreateGetters(DataViewRow input, Func<int, bool> activeOutput, out Action? disposer)
    {
        disposer = null;
        return CreateGetters(input, activeOutput);
    }

    ITransformer IRowMapper.GetTransformer() => transformer;

    void ICanSaveModel.Save(ModelSaveContext ctx) => transformer.Save(ctx);
}
