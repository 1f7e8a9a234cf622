using AmbiSSL.Torch.Foundation;

namespace AmbiSSL.Torch.Training;

/// <summary>
/// Which images each step of an epoch sees: a pure function of seed and epoch. An epoch is one pass over the unlabeled images in random
/// order, labeled images taking turns beside them; without unlabeled images it is one pass over the labeled ones.
/// </summary>
internal sealed class EpochPlan
{
    private readonly int[] _labeled;
    private readonly int[] _unlabeled;
    private readonly int _labeledPerStep;
    private readonly int _unlabeledPerStep;

    public EpochPlan(IReadOnlyList<int> labeled, IReadOnlyList<int> unlabeled, int batchSize, int seed, int epoch)
    {
        _unlabeledPerStep = unlabeled.Count > 0 ? batchSize / 2 : 0;
        _labeledPerStep = batchSize - _unlabeledPerStep;
        Steps = unlabeled.Count > 0 ? DivideUp(unlabeled.Count, _unlabeledPerStep) : DivideUp(labeled.Count, _labeledPerStep);
        var random = new Random(HashCode(seed, epoch));
        _labeled = TakeTurns(labeled, Steps * _labeledPerStep, random);
        _unlabeled = TakeTurns(unlabeled, Steps * _unlabeledPerStep, random);
    }

    /// <summary>Optimization steps of the epoch.</summary>
    public int Steps { get; }

    /// <summary>Positions of the labeled images of a step, from 0.</summary>
    public ReadOnlySpan<int> Labeled(int step) => _labeled.AsSpan(step * _labeledPerStep, _labeledPerStep);

    /// <summary>Positions of the unlabeled images of a step, from 0.</summary>
    public ReadOnlySpan<int> Unlabeled(int step) => _unlabeled.AsSpan(step * _unlabeledPerStep, _unlabeledPerStep);

    /// <summary>A seed for a part of a run that differs from part to part; stable over processes.</summary>
    public static int HashCode(int seed, int part) => (int)new SplitMix64((ulong)(uint)seed << 32 | (uint)part).Next() & int.MaxValue;

    private static int DivideUp(int count, int size) => (count + size - 1) / size;

    /// <summary>So many items in rounds of random order, each item once a round.</summary>
    private static int[] TakeTurns(IReadOnlyList<int> items, int count, Random random)
    {
        var taken = new int[count];
        var round = items.ToArray();
        for (var i = 0; i < count; i++)
        {
            var turn = i % round.Length;
            if (turn == 0)
            {
                random.Shuffle(round);
            }

            taken[i] = round[turn];
        }

        return taken;
    }
}
