using System.Text.Json.Serialization;
using AmbiSSL.Torch.Imaging;

namespace AmbiSSL;

/// <summary>
/// The classes that a mask tells apart, and whether a pixel may be of several. A mask has a plane for each: [K, H, W] values of 0 and 1 for K classes.
/// </summary>
public sealed record MaskClasses
{
    /// <summary>Most classes, so that the numbers of classes, of background, and one that is none of these, are bytes.</summary>
    public const int Most = 254;

    private const string BackgroundName = "background";

    /// <summary>Names the classes.</summary>
    /// <param name="names">A name for each, in the order of their numbers, which begin at 1: 1 to <see cref="Most"/> names.</param>
    /// <param name="overlap">Whether a pixel may be of several classes.</param>
    /// <param name="values">How files tell them; null where they came from none.</param>
    /// <exception cref="ArgumentException">
    /// There is no name, or too many, or one is empty, that of background, or another's but for upper and lower case, or values are of other classes.
    /// </exception>
    [JsonConstructor]
    public MaskClasses(IReadOnlyList<string> names, bool overlap = false, ClassValues? values = null)
    {
        if (names is not { Count: >= 1 and <= Most })
        {
            throw new ArgumentException($"A mask is to have {names?.Count ?? 0} classes; name 1 to {Most}.", nameof(names));
        }

        for (var i = 0; i < names.Count; i++)
        {
            if (string.IsNullOrWhiteSpace(names[i]) || names[i].Equals(BackgroundName, StringComparison.OrdinalIgnoreCase))
            {
                throw new ArgumentException(
                    $"Class {i + 1} is named '{names[i]}'; give it a name that is not empty and not '{BackgroundName}', which is every pixel of no class.",
                    nameof(names));
            }

            if (names.Take(i).FirstOrDefault(other => other.Equals(names[i], StringComparison.OrdinalIgnoreCase)) is { } same)
            {
                throw new ArgumentException($"Classes are named '{same}' and '{names[i]}'; name each apart from the others.", nameof(names));
            }
        }

        Names = [.. names];
        Overlap = overlap && names.Count > 1;
        Values = values;

        // Values that are being made have no classes yet: these are their own.
        if (values?.Classes is { } others && others != this)
        {
            throw new ArgumentException($"Classes are {this}, and '{values}' tells {others} apart; name the same classes.", nameof(values));
        }
    }

    /// <summary>The one class of masks that tell none apart: foreground.</summary>
    public static MaskClasses One { get; } = new(["foreground"]);

    /// <summary>The name of each class, in the order of planes and of numbers.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>
    /// Whether a pixel may be of several classes, each a mask of its own. Otherwise it is background or of one class. Of one class, it is always
    /// <see langword="false"/>.
    /// </summary>
    public bool Overlap { get; }

    /// <summary>
    /// How the files told them that the masks were read from, as <see cref="ReadingOptions.Classes"/> says it; null where nobody knows. A model keeps
    /// it, so that its <c>Model.Classes.Values</c> read other files like those of its training. It does not make classes others.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ClassValues? Values { get; }

    /// <summary>Number of classes K.</summary>
    [JsonIgnore]
    public int Count => Names.Count;

    /// <summary>Whether several classes exclude each other, so that a map of their numbers, 0 for background, tells what a mask of planes tells.</summary>
    [JsonIgnore]
    public bool IsExclusive => Count > 1 && !Overlap;

    /// <summary>
    /// The largest uncertainty of a pixel, in bits: 1 of one class and of overlapping ones, whose mean it is, and log2(K + 1) of exclusive ones, for
    /// background and all classes equally probable.
    /// </summary>
    [JsonIgnore]
    public double MostUncertainty => Overlap ? 1 : Math.Log2(Count + 1);

    /// <summary>The color of a class in pictures and in files of class numbers, as in HTML: <c>#56B4E9</c>.</summary>
    /// <param name="position">Position of the class, 0 to K - 1.</param>
    public string ColorOf(int position) => ClassColors.Hexadecimal(position);

    /// <summary>Whether the same names stand in the same order, and overlap or do not, however files tell them.</summary>
    /// <param name="other">Other classes.</param>
    public bool Equals(MaskClasses? other) => other is not null && Overlap == other.Overlap && Names.SequenceEqual(other.Names, StringComparer.Ordinal);

    /// <inheritdoc/>
    public override int GetHashCode() => Names.Aggregate(HashCode.Combine(Overlap), HashCode.Combine);

    /// <summary>The names, with commas between them, and whether they overlap.</summary>
    public override string ToString() => string.Join(", ", Names) + (Overlap ? " (overlapping)" : "");
}
