using static TorchSharp.torch;

namespace AmbiSSL.Torch.Networks;

/// <summary>Starting weights that keep the signal's size from layer to layer (He et al., ICCV 2015), as probabilistic U-Nets have them.</summary>
internal static class Initialization
{
    /// <summary>Draws the weights of a module of convolutions from N(0, 2 / fan-in) and sets their biases to zero.</summary>
    /// <remarks>
    /// libtorch's own starting weights shrink the signal from layer to layer where nothing normalizes it. After the fifteen convolutions of prior and
    /// posterior encoders nothing of the image or the masks is left: they agree from the start, and the latent code is never used. After the four of
    /// the head hardly anything of the features is left, and the first hundreds of steps teach nothing.
    /// </remarks>
    public static void Apply(nn.Module module)
    {
        using var scope = NewDisposeScope();
        foreach (var parameter in module.parameters())
        {
            if (parameter.dim() == 4)
            {
                nn.init.kaiming_normal_(parameter, mode: nn.init.FanInOut.FanIn, nonlinearity: nn.init.NonlinearityType.ReLU);
            }
            else
            {
                nn.init.zeros_(parameter);
            }
        }
    }
}
