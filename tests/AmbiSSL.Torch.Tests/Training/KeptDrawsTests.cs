using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Training;
using NUnit.Framework;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests.Training;

public sealed class KeptDrawsTests : TorchFixture
{
    [Test]
    public void Renewed_draws_are_the_next_of_the_generator_in_the_places_of_the_first()
    {
        using var generator = new Generator(1);
        using var expected = new Generator(1);
        using var draws = new KeptDraws(new DeviceRandom(generator, CPU));
        float[] Next(Generator source) => [.. Numbers(source).data<float>(), .. Index(source).data<long>().ToArray().Select(index => (float)index)];
        var (numbers, index) = (draws.Draw(Numbers), draws.Draw(Index));
        float[] Drawn() => [.. numbers.data<float>(), .. index.data<long>().ToArray().Select(value => (float)value)];
        Assert.That(Drawn(), Is.EqualTo(Next(expected)));

        draws.Renew();

        Assert.That(Drawn(), Is.EqualTo(Next(expected)));
        draws.Rewind();
        Assert.That((draws.Draw(Numbers), draws.Draw(Index)), Is.EqualTo((numbers, index)));
    }

    private static Tensor Numbers(Generator generator) => randn([5], generator: generator);

    private static Tensor Index(Generator generator) => randint(0, 100, [3], generator: generator);
}
