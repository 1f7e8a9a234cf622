using static TorchSharp.torch;

namespace AmbiSSL.Torch.Foundation;

/// <summary>
/// Channels-last memory order, in which convolutions run faster. Strides make it; a convolution whose weight is laid out so gives its
/// result the same order.
/// </summary>
/// <remarks>
/// Upstream: not reported. In TorchSharp 0.107 only <c>rand_like</c> and its kin take a memory_format, <c>contiguous</c> and <c>to</c> do
/// not. When to delete this: when <c>Module.to</c> takes one.
/// </remarks>
internal static class ChannelsLast
{
    /// <summary>Lays out the convolution weights of a module.</summary>
    public static void Apply(nn.Module module)
    {
        using var gradients = no_grad();
        foreach (var parameter in module.parameters().Where(parameter => parameter.dim() == 4))
        {
            using var scope = NewDisposeScope();
            parameter.set_(parameter.detach().permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2));
        }
    }
}
