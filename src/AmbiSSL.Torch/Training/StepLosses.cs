using static TorchSharp.torch;

namespace AmbiSSL.Torch.Training;

/// <summary>The loss terms of one step, scalars without gradient in the dispose scope of the step.</summary>
/// <param name="Total">What was minimized.</param>
/// <param name="Terms">Its terms by name, before their weights, in the order in which they are shown.</param>
internal sealed record StepLosses(Tensor Total, IReadOnlyList<(string Name, Tensor Value)> Terms) : IDisposable
{
    /// <summary>The same losses outside the dispose scope they were made in: who has them disposes them.</summary>
    public StepLosses Detach()
    {
        Total.DetachFromDisposeScope();
        foreach (var (_, value) in Terms)
        {
            value.DetachFromDisposeScope();
        }

        return this;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Total.Dispose();
        foreach (var (_, value) in Terms)
        {
            value.Dispose();
        }
    }
}
