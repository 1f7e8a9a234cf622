namespace AmbiSSL.Torch.Latent;

/// <summary>Families of diagonal latent distributions: normal for labelled images, Laplace for unlabeled ones (section 3.1).</summary>
internal enum LatentFamily
{
    Normal,
    Laplace,
}
