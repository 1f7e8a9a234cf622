using Microsoft.ML;

namespace AmbiSSL.Fuzz.Targets;

/// <summary>A model file of ML.NET with several models as one.</summary>
internal sealed class EnsembleZipTarget : ModelZipTarget
{
    private const int Models = 2;

    public override string Name => "ensemble-zip";

    public override string Invariant => "Refused by name, or it gives the models, the columns and the settings that were saved.";

    protected override ITransformer MakeTransformer(MLContext context) =>
        context.AmbiguousSegmentation().Ensemble(Enumerable.Range(0, Models).Select(_ => MakeModel(context)));

    protected override void RequireSaved(ITransformer loaded)
    {
        Require(loaded is AmbiguousSegmentationEnsemble, $"it gives a {loaded.GetType().Name}");
        var models = ((AmbiguousSegmentationEnsemble)loaded).Models;
        Require(models.Count == Models, $"it gives {models.Count} models");
        foreach (var model in models)
        {
            RequireSaved(model);
        }
    }
}
