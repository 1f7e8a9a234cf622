namespace AmbiSSL.MLNet.Ensembles;

/// <summary>Whether masks of several models can be pooled.</summary>
internal static class EnsembleFit
{
    /// <summary>Checks that the models see images alike and write the same columns.</summary>
    /// <exception cref="ArgumentException">There are fewer than two, or one differs from the first.</exception>
    public static void Require(IReadOnlyList<AmbiguousSegmentationTransformer> models)
    {
        if (models.Count < 2)
        {
            throw new ArgumentException($"An ensemble has {models.Count} models; give two or more.", nameof(models));
        }

        if (models.Any(model => model.Model.HasWindows))
        {
            throw new ArgumentException(
                "A model sees images through windows, and masks of images of any size are not pooled; give models of one size.", nameof(models));
        }

        if (models.Any(model => model.KnownAnnotators > 0))
        {
            throw new ArgumentException(
                "A model draws the masks of single annotators too, which are not pooled; give models of methods that do not tell annotators apart.",
                nameof(models));
        }

        for (var i = 1; i < models.Count; i++)
        {
            var (first, other) = (models[0].Model, models[i].Model);
            RequireSame(i, "takes images of", first.Images.Shape, other.Images.Shape, "train all with the same size");
            RequireSame(i, "crops or resizes images so:", first.Images.Preprocessing, other.Images.Preprocessing, "train all with the same crop and size");
            RequireSame(i, "tells these classes apart:", first.Classes, other.Classes, "train all with the same classes");
            RequireSame(i, "draws this many masks:", models[0].Samples, models[i].Samples, "give all the same number by WithSamples");
            RequireSame(
                i,
                "cleans its masks so:",
                string.Join("; ", first.PostProcessing),
                string.Join("; ", other.PostProcessing),
                "give all the same by WithPostProcessing");
            if (models[0].Columns != models[i].Columns)
            {
                throw new ArgumentException(
                    $"Model {i + 1} reads or writes other columns than the first; train or load all with the same names.", nameof(models));
            }
        }
    }

    private static void RequireSame<T>(int position, string does, T first, T other, string remedy)
    {
        if (!Equals(first, other))
        {
            throw new ArgumentException($"Model {position + 1} {does} {other}, the first {first}; {remedy}.", "models");
        }
    }
}
