namespace AmbiSSL;

/// <summary>How many images <see cref="SyntheticSlides"/> makes, of which size, and with how many lesions.</summary>
public sealed class SyntheticSlideOptions
{
    /// <summary>Number of images, at least 1.</summary>
    /// <value>The default value is 8.</value>
    public int Images { get; init; } = 8;

    /// <summary>Rows of an image, 128 to 4096.</summary>
    /// <value>The default value is 2000.</value>
    public int Height { get; init; } = 2000;

    /// <summary>Columns of an image, 128 to 4096.</summary>
    /// <value>The default value is 2000.</value>
    public int Width { get; init; } = 2000;

    /// <summary>Lesions of an image, at least 1, and at most one for each whole field of 128x128 pixels.</summary>
    /// <value>The default value is 60.</value>
    public int Lesions { get; init; } = 60;

    /// <summary>Number of annotators, 1 to 64, and of masks of an image.</summary>
    /// <value>The default value is 4.</value>
    public int Annotators { get; init; } = 4;

    /// <summary>How far apart the annotators' styles lie, 0 to 5: see <see cref="SyntheticLesionOptions.StyleSpread"/>.</summary>
    /// <value>The default value is 1.</value>
    public double StyleSpread { get; init; } = 1;

    /// <summary>Another seed, other images. An image depends on the seed, its index and the options other than <see cref="Images"/>.</summary>
    /// <value>The default value is 0.</value>
    public int Seed { get; init; }

    /// <summary>The options of the lesion in each field.</summary>
    internal SyntheticLesionOptions Field => new()
    {
        Images = Images,
        Height = SyntheticSlides.FieldSide,
        Width = SyntheticSlides.FieldSide,
        Annotators = Annotators,
        StyleSpread = StyleSpread,
        ImagesPerSubject = 1,
        Seed = Seed,
    };

    internal void Validate()
    {
        Field.Validate();
        Require(Height, SyntheticSlides.FieldSide, 4096, nameof(Height));
        Require(Width, SyntheticSlides.FieldSide, 4096, nameof(Width));
        Require(
            Lesions, 1, Height / SyntheticSlides.FieldSide * (Width / SyntheticSlides.FieldSide), nameof(Lesions),
            $" Each is alone in a field of {SyntheticSlides.FieldSide}x{SyntheticSlides.FieldSide} pixels: larger images hold more.");
    }

    private static void Require(int value, int minimum, int maximum, string name, string remedy = "")
    {
        if (value < minimum || value > maximum)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} is {value}; it must be {minimum} to {maximum}.{remedy}");
        }
    }
}
