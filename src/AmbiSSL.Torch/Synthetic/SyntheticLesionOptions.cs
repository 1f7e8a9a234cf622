using AmbiSSL.Torch.Foundation;

namespace AmbiSSL;

/// <summary>How many images <see cref="SyntheticLesions"/> makes, of which size, and for whom.</summary>
public sealed class SyntheticLesionOptions
{
    /// <summary>Number of images, at least 1.</summary>
    /// <value>The default value is 100.</value>
    public int Images { get; init; } = 100;

    /// <summary>Rows of an image, 16 to 4096.</summary>
    /// <value>The default value is 128.</value>
    public int Height { get; init; } = 128;

    /// <summary>Columns of an image, 16 to 4096.</summary>
    /// <value>The default value is 128.</value>
    public int Width { get; init; } = 128;

    /// <summary>Number of annotators, 1 to 64; each draws every image once.</summary>
    /// <value>The default value is 4.</value>
    public int Annotators { get; init; } = 4;

    /// <summary>
    /// How far apart the annotators' styles lie, 0 to 5: a factor on the distance between the levels at which they draw. At 1 the tightest
    /// stops where a lesion is 80 % dense and the loosest where it is 20 % dense; at 0 they differ in nothing but spicules.
    /// </summary>
    /// <value>The default value is 1.</value>
    public double StyleSpread { get; init; } = 1;

    /// <summary>Typical radius of a lesion as a share of the shorter side, 0.03 to 0.2; lesions are 0.57 to 2 times as large.</summary>
    /// <value>The default value is 0.088.</value>
    public double Radius { get; init; } = 0.088;

    /// <summary>Images that share a subject, and with it the kind of its lesion, at least 1.</summary>
    /// <value>The default value is 4.</value>
    public int ImagesPerSubject { get; init; } = 4;

    /// <summary>Which classes masks have.</summary>
    /// <value>The default value is <see cref="SyntheticClasses.One"/>.</value>
    public SyntheticClasses Classes { get; init; }

    /// <summary>
    /// Another seed, other images. An image depends on the seed, its index and the options other than <see cref="Images"/>.
    /// </summary>
    /// <value>The default value is 0.</value>
    public int Seed { get; init; }

    internal void Validate()
    {
        Require(Images, 1, int.MaxValue, nameof(Images));
        Require(Height, 16, 4096, nameof(Height));
        Require(Width, 16, 4096, nameof(Width));
        Require(Annotators, 1, 64, nameof(Annotators));
        Require(ImagesPerSubject, 1, int.MaxValue, nameof(ImagesPerSubject));
        Require(StyleSpread, 0, 5, nameof(StyleSpread));
        Require(Radius, 0.03, 0.2, nameof(Radius));
        OptionRange.RequireDefined(Classes, nameof(Classes));
    }

    private static void Require(double value, double minimum, double maximum, string name)
    {
        if (!(value >= minimum && value <= maximum))
        {
            throw new ArgumentOutOfRangeException(
                name, value, FormattableString.Invariant($"{name} is {value}; it must be {minimum} to {maximum}."));
        }
    }

    private static void Require(int value, int minimum, int maximum, string name)
    {
        if (value < minimum || value > maximum)
        {
            var limit = maximum == int.MaxValue ? $"at least {minimum}" : $"{minimum} to {maximum}";
            throw new ArgumentOutOfRangeException(name, value, $"{name} is {value}; it must be {limit}.");
        }
    }
}
