using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Foundation;

/// <summary>
/// TorchSharp's Adam (Kingma and Ba, ICLR 2015), with the same numbers to the last bit, whose step no garbage collection disturbs: see
/// <see cref="TensorArithmetic"/>. Weight decay, AMSGrad and maximizing are left out.
/// </summary>
/// <remarks>Upstream and when to delete this: with <see cref="TensorArithmetic"/>; then <c>optim.Adam</c> will do.</remarks>
internal sealed class AdamOptimizer(IEnumerable<Adam.ParamGroup> groups) : Adam(groups)
{
    /// <inheritdoc/>
    public override Tensor step(Func<Tensor>? closure = null) => _step<ParamGroup>(Move, closure);

    private void Move(ParamGroup group)
    {
        var options = (Options)group.Options;
        var (decay1, decay2) = (options.beta1!.Value, options.beta2!.Value);
        using var firstDecay = decay1.ToScalar();
        using var firstShare = (1 - decay1).ToScalar();
        using var secondDecay = decay2.ToScalar();
        using var secondShare = (1 - decay2).ToScalar();
        using var smallest = options.eps!.Value.ToScalar();
        foreach (var parameter in group.Parameters)
        {
            if (parameter.grad is not { } gradient)
            {
                continue;
            }

            var state = (State)_state[parameter.Handle];
            state.step++;
            using var deviation = Math.Sqrt(1 - Math.Pow(decay2, state.step)).ToScalar();
            using var distance = (-(options.LearningRate!.Value / (1 - Math.Pow(decay1, state.step)))).ToScalar();
            state.exp_avg.mul_(firstDecay).add_(gradient, firstShare);
            state.exp_avg_sq.mul_(secondDecay).addcmul_(gradient, gradient, secondShare);
            var denominator = state.exp_avg_sq.sqrt().div_(deviation).add_(smallest, TensorArithmetic.One);
            parameter.addcdiv_(state.exp_avg, denominator, distance);
        }
    }
}
