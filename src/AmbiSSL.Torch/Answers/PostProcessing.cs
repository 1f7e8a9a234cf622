using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Metrics;

namespace AmbiSSL;

/// <summary>
/// What is done to every mask that a model draws, after it was drawn and by itself: holes are filled, then small components removed, then all but the
/// largest. Where masks have several classes, one thing or another is done to each of them, in their order: what is another class's is filled by
/// none, and what is removed becomes background. A model keeps it. Probability and uncertainty stay what they are.
/// </summary>
/// <remarks>
/// Pixels of a component touch at sides or corners (8 neighbors, as MONAI's and cc3d's full connectivity), pixels of a hole at sides alone (4 neighbors, as
/// SciPy's <c>binary_fill_holes</c>).
/// </remarks>
public sealed record PostProcessing
{
    /// <summary>Masks stay as they were drawn.</summary>
    public static PostProcessing None { get; } = new();

    /// <summary>Whether background that the foreground encloses becomes foreground; what touches the border of the image is not enclosed.</summary>
    /// <value>The default value is false.</value>
    public bool FillHoles { get; init; }

    /// <summary>Pixels of the smallest component that stays. At least 1.</summary>
    /// <value>The default value is 1: all stay.</value>
    public int SmallestComponent { get; init; } = 1;

    /// <summary>Whether only the component with the most pixels stays; of several the one that begins first, from above and then from the left.</summary>
    /// <value>The default value is false.</value>
    public bool LargestComponentOnly { get; init; }

    /// <summary>Those that <c>Calibrate</c> chooses among; <see cref="None"/> is the first.</summary>
    internal static IReadOnlyList<PostProcessing> Candidates { get; } =
    [
        .. from largest in (bool[])[false, true]
           from smallest in largest ? (int[])[1] : [1, 5, 10, 20, 50, 100]
           from fill in (bool[])[false, true]
           select new PostProcessing { FillHoles = fill, SmallestComponent = smallest, LargestComponentOnly = largest },
    ];

    /// <summary>What is done, in words.</summary>
    public override string ToString()
    {
        string[] steps =
        [
            .. FillHoles ? (string[])["holes filled"] : [],
            .. SmallestComponent > 1 ? (string[])[FormattableString.Invariant($"components of less than {SmallestComponent} pixels removed")] : [],
            .. LargestComponentOnly ? (string[])["largest component only"] : [],
        ];
        return steps.Length > 0 ? string.Join(", ", steps) : "none";
    }

    /// <summary>Does it to one mask.</summary>
    /// <param name="mask">[H, W], where nonzero is foreground; becomes 0 or 1 where it changes.</param>
    /// <param name="size">Height and width.</param>
    /// <exception cref="ArgumentException">There are not H·W values, or the smallest component is less than 1.</exception>
    public void Apply(Span<byte> mask, ImageSize size)
    {
        size.RequireValues(mask.Length, "The mask", nameof(mask));
        Validate();
        Apply(mask, size, others: []);
    }

    /// <summary>Checks the numbers.</summary>
    /// <exception cref="ArgumentException">The smallest component is less than 1.</exception>
    internal void Validate() => OptionRange.RequireAtLeast(SmallestComponent, 1, nameof(SmallestComponent));

    /// <summary>Does it to the plane of a class.</summary>
    /// <param name="mask">[H, W], where nonzero is foreground; becomes 0 or 1 where it changes.</param>
    /// <param name="size">Height and width.</param>
    /// <param name="others">Where another class is, and no hole is filled; empty for nowhere.</param>
    internal void Apply(Span<byte> mask, ImageSize size, ReadOnlySpan<byte> others)
    {
        if (FillHoles)
        {
            var background = Components.OfBackground(mask, size);
            Put(mask, background, component => !background.TouchesBorder(component), 1);
            for (var pixel = 0; pixel < others.Length; pixel++)
            {
                mask[pixel] = others[pixel] != 0 ? (byte)0 : mask[pixel];
            }
        }

        if (SmallestComponent > 1)
        {
            var components = Components.OfForeground(mask, size);
            Put(mask, components, component => components.Size(component) < SmallestComponent, 0);
        }

        if (LargestComponentOnly)
        {
            var components = Components.OfForeground(mask, size);
            var largest = components.Count > 0 ? Enumerable.Range(0, components.Count).MaxBy(components.Size) : -1;
            Put(mask, components, component => component != largest, 0);
        }
    }

    private static void Put(Span<byte> mask, Components components, Predicate<int> isChosen, byte value)
    {
        bool[] chosen = [.. Enumerable.Range(0, components.Count).Select(component => isChosen(component))];
        for (var pixel = 0; pixel < mask.Length; pixel++)
        {
            if (components.At(pixel) is >= 0 and var component && chosen[component])
            {
                mask[pixel] = value;
            }
        }
    }
}
