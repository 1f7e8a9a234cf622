using AmbiSSL.Torch.Training;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Training;

public sealed class EpochPlanTests
{
    private static readonly int[] Labeled = [0, 1, 2];
    private static readonly int[] Unlabeled = [.. Enumerable.Range(10, 13)];

    [Test]
    public void An_epoch_sees_every_unlabeled_image()
    {
        var plan = new EpochPlan(Labeled, Unlabeled, batchSize: 8, seed: 1, epoch: 0);

        var seen = Enumerable.Range(0, plan.Steps).SelectMany(step => plan.Unlabeled(step).ToArray());
        Assert.Multiple(() =>
        {
            Assert.That(plan.Steps, Is.EqualTo(4));
            Assert.That(seen.Take(13), Is.EquivalentTo(Unlabeled));
        });
    }

    [Test]
    public void Labeled_images_take_turns()
    {
        var plan = new EpochPlan(Labeled, Unlabeled, batchSize: 8, seed: 1, epoch: 0);

        var seen = Enumerable.Range(0, plan.Steps).SelectMany(step => plan.Labeled(step).ToArray()).ToArray();
        Assert.That(seen.Take(15).Chunk(3), Has.All.EquivalentTo(Labeled));
    }

    [Test]
    public void Without_unlabeled_images_an_epoch_sees_every_labeled_image_in_whole_batches()
    {
        var plan = new EpochPlan(Unlabeled, [], batchSize: 8, seed: 1, epoch: 0);

        Assert.Multiple(() =>
        {
            Assert.That(plan.Steps, Is.EqualTo(2));
            Assert.That(plan.Labeled(0).Length, Is.EqualTo(8));
            Assert.That(plan.Unlabeled(1).Length, Is.Zero);
        });
    }

    [Test]
    public void Seed_and_epoch_alone_decide()
    {
        int[] First(int seed, int epoch) => new EpochPlan(Labeled, Unlabeled, 8, seed, epoch).Unlabeled(0).ToArray();

        Assert.Multiple(() =>
        {
            Assert.That(First(seed: 1, epoch: 2), Is.EqualTo(First(1, 2)).And.Not.EqualTo(First(1, 3)));
            Assert.That(First(seed: 1, epoch: 2), Is.Not.EqualTo(First(2, 2)));
        });
    }
}
