using AmbiSSL.Torch.Metrics;

namespace AmbiSSL.Torch.Reports;

/// <summary>
/// Dice of the one mask that models answer with and the mask of each reader who is known by name, over the reader's images; mean over classes.
/// </summary>
/// <param name="models">Number of models.</param>
internal sealed class ReaderDice(int models)
{
    private readonly SortedDictionary<string, List<double>[]> _dice = new(StringComparer.Ordinal);

    /// <summary>For each reader: the number of images, and the mean over them for each model.</summary>
    public IEnumerable<(string Name, int Images, double[] Dice)> All =>
        _dice.Select(reader => (reader.Key, reader.Value[0].Count, reader.Value.Select(values => values.Average()).ToArray()));

    /// <summary>Adds the masks of an image.</summary>
    /// <param name="model">Position of the model.</param>
    /// <param name="readers">The name of each mask's reader; empty where nobody is known.</param>
    /// <param name="experts">Their masks, class by class.</param>
    /// <param name="answer">The model's mask, class by class.</param>
    public void Add(int model, IReadOnlyList<string> readers, BitMask[][] experts, BitMask[] answer)
    {
        for (var i = 0; i < readers.Count; i++)
        {
            if (!_dice.TryGetValue(readers[i], out var lists))
            {
                lists = [.. Enumerable.Range(0, models).Select(_ => new List<double>())];
                _dice.Add(readers[i], lists);
            }

            lists[model].Add(answer.Zip(experts, (own, masks) => MaskOverlap.Dice(own, masks[i])).Average());
        }
    }
}
