using AmbiSSL.MLNet.Ensembles;
using AmbiSSL.MLNet.Interop;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace AmbiSSL;

/// <summary>
/// Several trained models as one transformer. Each draws masks of every image; all of them together are the image's masks, and its probability is the
/// mean of the models' probabilities.
/// </summary>
/// <remarks>
/// <para>
/// The output columns are those of a single model (<see cref="SegmentationColumns"/>), named as the first model names them: <c>Masks</c> with the
/// first sample of each model, then the second of each and so on; <c>Probability</c>; <c>Uncertainty</c>, the entropy of it; and <c>Consensus</c>,
/// the pixels whose probability is above the mean of the models' thresholds, after their post-processing. Two columns more say where the uncertainty
/// comes from, and add up to it (Kendall and Gal 2017, Depeweg et al. 2018): <see cref="ExpertUncertainty"/>, the mean of the models' own entropies,
/// on which more data of the same kind changes little, and <see cref="ModelUncertainty"/>, the mutual information of mask and model, in which models
/// differ that learned from the same images. <c>Unlikeness</c> is the mean of the models'. Outlines keep their promise for the model alone with which
/// they were chosen, so that an ensemble has none.
/// </para>
/// <para>It is saved by <c>mlContext.Model.Save</c> in one file, which is loaded as that of a single model is.</para>
/// </remarks>
public sealed class AmbiguousSegmentationEnsemble : ITransformer, IDisposable
{
    /// <summary>Column of the uncertainty within a model, <c>Vector&lt;Single, H, W&gt;</c> in bits from 0 to 1.</summary>
    public const string ExpertUncertainty = "ExpertUncertainty";

    /// <summary>Column of the uncertainty between models, <c>Vector&lt;Single, H, W&gt;</c> in bits from 0 to 1.</summary>
    public const string ModelUncertainty = "ModelUncertainty";

    private readonly IHostEnvironment _environment;
    private readonly ITransformer _chain;

    /// <exception cref="ArgumentException">There are fewer than two models, or they cannot be pooled.</exception>
    internal AmbiguousSegmentationEnsemble(IHostEnvironment environment, IReadOnlyList<AmbiguousSegmentationTransformer> models)
    {
        (_environment, Models) = (environment, [.. models.Select(model => model.Model.Outlines is null ? model : model.WithOutlines(null))]);
        Host = environment.Register(nameof(AmbiguousSegmentationEnsemble));
        EnsembleFit.Require(Models);
        _chain = new TransformerChain<ITransformer>([.. Models, new SamplePool(environment, this)]);
    }

    /// <summary>The models, at least two.</summary>
    public IReadOnlyList<AmbiguousSegmentationTransformer> Models { get; }

    /// <summary>Masks drawn for each image, by all models together.</summary>
    public int Samples => Models.Sum(model => model.Samples);

    /// <inheritdoc/>
    public bool IsRowToRowMapper => true;

    /// <summary>Names of the columns that are read and written.</summary>
    public SegmentationColumns Columns => Models[0].Columns;

    /// <summary>Marks errors.</summary>
    internal IHost Host { get; }

    /// <summary>The same models with another number of masks that each draws. Both share the models: disposing either ends both.</summary>
    /// <param name="samplesOfEach">Masks that each model draws of an image. At least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is less than 1.</exception>
    public AmbiguousSegmentationEnsemble WithSamples(int samplesOfEach) => new(_environment, [.. Models.Select(model => model.WithSamples(samplesOfEach))]);

    /// <summary>The input's columns and the output columns; those of single models are hidden by them.</summary>
    /// <param name="inputSchema">Schema with the image column.</param>
    /// <exception cref="ArgumentOutOfRangeException">The image column is missing, or its type is not what the models take.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => _chain.GetOutputSchema(inputSchema);

    /// <summary>Makes a mapper of single rows, as a prediction engine uses.</summary>
    /// <param name="inputSchema">Schema with the image column.</param>
    /// <exception cref="ArgumentOutOfRangeException">The image column is missing, or its type is not what the models take.</exception>
    /// <exception cref="ObjectDisposedException">A model was disposed.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => _chain.GetRowToRowMapper(inputSchema);

    /// <summary>Adds the output columns. Nothing is read or computed before a cursor asks.</summary>
    /// <param name="input">Rows with the image column.</param>
    /// <exception cref="ArgumentOutOfRangeException">The image column is missing, or its type is not what the models take.</exception>
    /// <exception cref="ObjectDisposedException">A model was disposed.</exception>
    public IDataView Transform(IDataView input) => _chain.Transform(input);

    /// <inheritdoc/>
    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        EnsembleFile.Save(ctx, this);
    }

    /// <summary>Frees the models' memory.</summary>
    public void Dispose()
    {
        foreach (var model in Models)
        {
            model.Dispose();
        }
    }
}
