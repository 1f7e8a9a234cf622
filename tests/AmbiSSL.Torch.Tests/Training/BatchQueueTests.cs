using AmbiSSL.Torch.Methods;
using AmbiSSL.Torch.Training;
using NUnit.Framework;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests.Training;

internal sealed class BatchQueueTests
{
    [Test]
    public void Batches_come_in_the_order_of_their_steps_and_belong_to_who_takes_them()
    {
        var before = Tensor.TotalCount;
        using (var queue = new BatchQueue(3, 8, Batch))
        {
            for (var step = 3; step < 8; step++)
            {
                using var batch = queue.Take();
                Assert.That(batch.LabeledImages.item<int>(), Is.EqualTo(step));
            }
        }

        Assert.That(Tensor.TotalCount, Is.EqualTo(before));
    }

    [Test]
    public void Two_batches_are_made_ahead_and_no_more()
    {
        var made = 0;
        using var second = new ManualResetEventSlim();
        using var third = new ManualResetEventSlim();
        using var queue = new BatchQueue(0, 10, step =>
        {
            if (Interlocked.Increment(ref made) is 2 or 3)
            {
                (step == 1 ? second : third).Set();
            }

            return Batch(step);
        });

        Assert.That(second.Wait(TimeSpan.FromSeconds(10)), "the second is made before the first is taken");
        Assert.That(third.Wait(TimeSpan.FromMilliseconds(100)), Is.False, "the third is not");

        queue.Take().Dispose();
        Assert.That(third.Wait(TimeSpan.FromSeconds(10)), "the third is made when the first was taken");
    }

    [Test]
    public void What_the_thread_threw_is_thrown_after_the_batches_before_it()
    {
        using var queue = new BatchQueue(0, 5, step => step < 2 ? Batch(step) : throw new InvalidDataException("step 2"));

        queue.Take().Dispose();
        queue.Take().Dispose();
        Assert.That(queue.Take, Throws.InstanceOf<InvalidDataException>().With.Message.EqualTo("step 2"));
        Assert.That(queue.Take, Throws.InstanceOf<InvalidDataException>().With.Message.EqualTo("step 2"), "again");
    }

    [Test]
    public void Batches_that_nobody_took_are_disposed_and_the_thread_ends()
    {
        var before = Tensor.TotalCount;
        Thread? thread = null;
        using var second = new ManualResetEventSlim();
        var queue = new BatchQueue(0, 10, step =>
        {
            thread = Thread.CurrentThread;
            if (step == 1)
            {
                second.Set();
            }

            return Batch(step);
        });
        Assert.That(second.Wait(TimeSpan.FromSeconds(10)));

        queue.Dispose();

        Assert.That(Tensor.TotalCount, Is.EqualTo(before));
        Assert.That(thread!.IsAlive, Is.False);
    }

    [Test]
    public void A_batch_beyond_the_last_is_refused()
    {
        using var queue = new BatchQueue(0, 1, Batch);
        queue.Take().Dispose();

        Assert.That(queue.Take, Throws.InvalidOperationException);
    }

    private static TrainingBatch Batch(int step) => new(tensor(step), tensor(step), null, null);
}
