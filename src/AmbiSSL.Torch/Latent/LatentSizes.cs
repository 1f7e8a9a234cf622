namespace AmbiSSL.Torch.Latent;

/// <summary>Sizes of a latent space and its encoders.</summary>
/// <param name="Dimensions">Latent dimensions D.</param>
/// <param name="Filters">Filters of each block of an encoder.</param>
/// <param name="ConvolutionsPerBlock">Convolutions in each block.</param>
internal sealed record LatentSizes(int Dimensions, IReadOnlyList<int> Filters, int ConvolutionsPerBlock);
