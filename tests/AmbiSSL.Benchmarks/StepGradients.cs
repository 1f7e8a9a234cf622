using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Methods;
using TorchSharp;
using static TorchSharp.torch;

namespace AmbiSSL.Benchmarks;

/// <summary>What one step computes: its loss and the gradients by parameter, as float64 on the CPU.</summary>
internal sealed record StepGradients(double Loss, IReadOnlyDictionary<string, Tensor> ByParameter)
{
    /// <summary>The first step past the warm-up, from the same weights, batch and random numbers everywhere.</summary>
    public static StepGradients Of(BackboneOptions backbone, TrainingBatch batch, ScalarType type, Device device)
    {
        using var denormals = DenormalNumbers.TakeForZero();
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        using var model = UntrainedModel.Create(backbone, StepBenchmark.Side);
        var method = model.Method;
        ((AmbiSSLMethod)method).Labels.Prune(generator);
        method.to(device, type);
        method.train();
        var loss = 0.0;
        foreach (var part in method.Step(
            batch.To(type, device), new StepContext(TrainingStep.Time.Epoch, TrainingStep.Time.Epochs, new DeviceRandom(generator, device))))
        {
            part.Total.backward();
            loss += part.Total.to(ScalarType.Float64, CPU).item<double>();
        }

        return new StepGradients(
            loss,
            method.named_parameters().Where(named => named.parameter.grad is not null).ToDictionary(
                named => named.name, named => named.parameter.grad!.to(ScalarType.Float64, CPU, copy: true).MoveToOuterDisposeScope()));
    }

    /// <summary>Difference of the loss as a share of it, and of all gradients as a share of their norm.</summary>
    public (double Loss, double Gradients) DistanceFrom(StepGradients reference)
    {
        if (!ByParameter.Keys.Order(StringComparer.Ordinal).SequenceEqual(reference.ByParameter.Keys.Order(StringComparer.Ordinal)))
        {
            throw new InvalidOperationException("The two steps have gradients for different parameters.");
        }

        using var scope = NewDisposeScope();
        var (difference, norm) = (0.0, 0.0);
        foreach (var (name, gradient) in reference.ByParameter)
        {
            difference += (ByParameter[name] - gradient).square().sum().item<double>();
            norm += gradient.square().sum().item<double>();
        }

        return (Math.Abs((Loss / reference.Loss) - 1), Math.Sqrt(difference / norm));
    }
}
