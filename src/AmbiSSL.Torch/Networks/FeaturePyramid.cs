using TorchSharp;

namespace AmbiSSL.Torch.Networks;

/// <summary>What an encoder sees of a batch of images.</summary>
/// <param name="Levels">Features of each level, finest first, of the padded images; owned by the caller's dispose scope.</param>
/// <param name="Height">Rows of the images before they were padded.</param>
/// <param name="Width">Columns of the images before they were padded.</param>
internal sealed record FeaturePyramid(torch.Tensor[] Levels, long Height, long Width)
{
    /// <summary>The mean over each image of each of the coarsest features, [B, F].</summary>
    public torch.Tensor CoarsestMeans() => Levels[^1].mean([2, 3]).to(torch.ScalarType.Float32);

    /// <summary>The same values without their gradient history.</summary>
    public FeaturePyramid Detach() => this with { Levels = Array.ConvertAll(Levels, level => level.detach()) };
}
