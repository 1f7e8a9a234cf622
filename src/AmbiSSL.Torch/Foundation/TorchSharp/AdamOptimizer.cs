using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Foundation;

/// <summary>
/// Adam (Kingma and Ba, ICLR 2015) with its usual constants, all parameters of a group in one operation of libtorch. Whatever differs from step to step
/// is a tensor on the device, so that nothing is read back. Its tensors belong to the dispose scope it is made in.
/// </summary>
/// <remarks>
/// TorchSharp's own takes some ten operations for each parameter, and puts numbers into temporary scalars: see <see cref="TensorArithmetic"/>.
/// Upstream: not reported; TorchSharp 0.107 has no name for <c>_fused_adam_</c>. When to delete this: when its <c>optim.Adam</c> takes <c>fused</c>.
/// </remarks>
internal sealed class AdamOptimizer
{
    private const string Steps = "optimizer.steps";

    // The step counts of the parameters are elements of one tensor: libtorch adds to each of a list alone.
    private static readonly TensorScript Script = new(
        """
        def move(parameters: List[Tensor], gradients: List[Tensor], first: List[Tensor], second: List[Tensor], steps: List[Tensor], rate: Tensor):
            torch._fused_adam_(
                parameters, gradients, first, second, [], steps,
                lr=rate, beta1=0.9, beta2=0.999, weight_decay=0.0, eps=1e-8, amsgrad=False, maximize=False)

        """);

    private readonly Weight[] _weights;
    private readonly Group[] _groups;
    private readonly Tensor _steps;
    private readonly Tensor _moves;
    private bool[] _moving;
    private double _learningRate;

    /// <param name="groups">The parameters, on the device that trains, in groups with a factor each on the learning rate.</param>
    /// <param name="learningRate">The learning rate before these factors.</param>
    public AdamOptimizer(IEnumerable<(IEnumerable<Parameter> Parameters, double LearningRateFactor)> groups, double learningRate)
    {
        using var gradients = no_grad();
        var all = groups.Select((group, number) => (Parameters: group.Parameters.ToArray(), group.LearningRateFactor, Number: number)).ToArray();
        var device = all[0].Parameters[0].device;
        var count = all.Sum(group => group.Parameters.Length);
        (_steps, _moves, _moving) = (zeros(count, device: device), zeros(count, device: device), new bool[count]);
        _weights = [.. all.SelectMany(group => group.Parameters.Select(parameter => (parameter, group.Number))).Zip(
            _steps.unbind(), (weight, step) => new Weight(weight.parameter, zeros_like(weight.parameter), zeros_like(weight.parameter), step, weight.Number))];
        _groups = [.. all.Select(group => new Group(group.LearningRateFactor, zeros([], device: device)))];
        SetLearningRate(learningRate);
    }

    /// <summary>The learning rate of the first group.</summary>
    public double LearningRate => _groups[0].LearningRateFactor * _learningRate;

    /// <summary>Sets the learning rate, times the factor of each group.</summary>
    public void SetLearningRate(double rate)
    {
        _learningRate = rate;
        foreach (var group in _groups)
        {
            using var own = (group.LearningRateFactor * rate).ToScalar();
            group.LearningRate.fill_(own);
        }
    }

    /// <summary>Takes the gradients from the parameters: the next backward pass has nothing to add its own to.</summary>
    public void ForgetGradients()
    {
        foreach (var weight in _weights)
        {
            weight.Parameter.grad = null;
        }
    }

    /// <summary>Moves every parameter that has a gradient.</summary>
    public void Step()
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        var gradients = Array.ConvertAll(_weights, weight => weight.Parameter.grad);
        Count(Array.ConvertAll(gradients, gradient => gradient is not null));
        for (var number = 0; number < _groups.Length; number++)
        {
            int[] own = [.. Enumerable.Range(0, _weights.Length).Where(i => _weights[i].Group == number && gradients[i] is not null)];
            if (own.Length > 0)
            {
                Script.Call(
                    "move",
                    [
                        Array.ConvertAll(own, i => (Tensor)_weights[i].Parameter),
                        Array.ConvertAll(own, i => gradients[i]!),
                        Array.ConvertAll(own, i => _weights[i].FirstMoment),
                        Array.ConvertAll(own, i => _weights[i].SecondMoment),
                        Array.ConvertAll(own, i => _weights[i].Step),
                    ],
                    _groups[number].LearningRate);
            }
        }
    }

    /// <summary>Adds what a checkpoint keeps of this; the tensors change as the run goes on.</summary>
    public void Capture(Dictionary<string, Tensor> state)
    {
        state[Steps] = _steps;
        for (var i = 0; i < _weights.Length; i++)
        {
            state[FirstMoment(i)] = _weights[i].FirstMoment;
            state[SecondMoment(i)] = _weights[i].SecondMoment;
        }
    }

    /// <summary>Takes over what <see cref="Capture"/> added.</summary>
    public void Restore(IReadOnlyDictionary<string, Tensor> state)
    {
        using var mode = no_grad();
        _steps.copy_(state[Steps]);
        for (var i = 0; i < _weights.Length; i++)
        {
            _weights[i].FirstMoment.copy_(state[FirstMoment(i)]);
            _weights[i].SecondMoment.copy_(state[SecondMoment(i)]);
        }
    }

    private static string FirstMoment(int parameter) => $"optimizer.{parameter}.exp_avg";

    private static string SecondMoment(int parameter) => $"optimizer.{parameter}.exp_avg_sq";

    /// <summary>Adds 1 to the steps of the parameters that move; which these are is told to the device only where it changes.</summary>
    private void Count(bool[] moving)
    {
        if (!moving.AsSpan().SequenceEqual(_moving))
        {
            _moves.copy_(tensor(Array.ConvertAll(moving, moves => moves ? 1f : 0f)));
            _moving = moving;
        }

        _steps.add_(_moves, TensorArithmetic.One);
    }

    private sealed record Weight(Parameter Parameter, Tensor FirstMoment, Tensor SecondMoment, Tensor Step, int Group);

    private sealed record Group(double LearningRateFactor, Tensor LearningRate);
}
