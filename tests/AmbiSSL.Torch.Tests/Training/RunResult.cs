using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Training;

/// <summary>What a training gave.</summary>
/// <param name="Weights">The bytes of every parameter and buffer.</param>
/// <param name="Masks">Masks that the model drew for an image.</param>
/// <param name="Probability">Their mean probability.</param>
/// <param name="TrainedEpochs">Epochs after which the weights were taken.</param>
internal sealed record RunResult(byte[] Weights, byte[] Masks, float[] Probability, int TrainedEpochs)
{
    /// <summary>Holds the result against another one, bit for bit.</summary>
    public void AssertEquals(RunResult expected) => Assert.Multiple(() =>
    {
        Assert.That(Weights.AsSpan().SequenceEqual(expected.Weights), "weights");
        Assert.That(Masks, Is.EqualTo(expected.Masks));
        Assert.That(Probability, Is.EqualTo(expected.Probability));
        Assert.That(TrainedEpochs, Is.EqualTo(expected.TrainedEpochs));
    });
}
