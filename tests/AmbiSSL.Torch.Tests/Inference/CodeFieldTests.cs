using AmbiSSL.Torch.Inference;
using AmbiSSL.Torch.Tests.Models;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Inference;

public sealed class CodeFieldTests : TorchFixture
{
    private const int Images = 300;
    private const int Distance = 100;

    private readonly SegmentationModel _model = UntrainedModel.Create(TinyData.Options, TinyData.Shape);

    [OneTimeTearDown]
    public void Free() => _model.Dispose();

    // Closed form of cosines and sines: at a node 1 and between two nodes cos(45 degrees); beyond the next node nothing is shared.
    [TestCase(0, 0, 1)]
    [TestCase(0, 50, 0.7071)]
    [TestCase(50, 50, 0.5)]
    [TestCase(0, 100, 0)]
    [TestCase(130, 250, 0)]
    public void Noise_is_standard_normal_and_shared_with_places_that_are_near(int top, int left, double expected)
    {
        var (own, here) = (Values(top, left), Values(0, 0));

        Assert.Multiple(() =>
        {
            Assert.That(own.Average(), Is.Zero.Within(0.05));
            Assert.That(own.Average(value => value * value), Is.EqualTo(1).Within(0.06));
            Assert.That(own.Zip(here).Average(pair => pair.First * pair.Second), Is.EqualTo(expected).Within(0.06));
        });
    }

    [Test]
    public void Without_a_distance_it_is_one_all_over_the_image()
    {
        var field = new CodeField(_model.Method, 1, 5, vectors: 3, distance: null);

        Assert.That(field.At(0, 0), Is.EqualTo(field.At(700, 900)));
    }

    [Test]
    public void The_first_vectors_are_the_same_whatever_their_number()
    {
        float[] Of(int vectors) => new CodeField(_model.Method, 1, 5, vectors, (Distance, Distance)).At(30, 70);

        Assert.That(Of(5)[..6], Is.EqualTo(Of(3)));
    }

    private float[] Values(int top, int left) =>
        [.. Enumerable.Range(0, Images).SelectMany(image => new CodeField(_model.Method, 1, (ulong)image, 4, (Distance, Distance)).At(top, left))];
}
