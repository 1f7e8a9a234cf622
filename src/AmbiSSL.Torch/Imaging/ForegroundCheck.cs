namespace AmbiSSL.Torch.Imaging;

/// <summary>Whether the masks of training images have anything to learn.</summary>
internal static class ForegroundCheck
{
    /// <summary>What is wrong with masks none of which has a pixel of foreground, and what to do; null where one has.</summary>
    /// <param name="images">The training images, at least one of them with masks.</param>
    public static (string Problem, string Remedy)? OfTraining(ImageCache images) => images.AbsentClasses.Count < images.Classes.Count
        ? null
        : (NoneOf(images.MaskCount, $"{images.Labeled.Count()} annotated training images", images.Classes, images.Format.Preprocessing)
               + ", so that there is nothing to learn",
           Remedy(images.Classes, images.Format.Preprocessing) + "; ambissl check, in a program Inspect, tells of all masks");

    /// <summary>That none of some masks has foreground, as a clause.</summary>
    /// <param name="masks">Their number.</param>
    /// <param name="images">The images that have them, and how many these are.</param>
    /// <param name="classes">What is foreground.</param>
    /// <param name="preprocessing">How the images became their size.</param>
    public static string NoneOf(int masks, string images, MaskClasses classes, Preprocessing preprocessing) =>
        FormattableString.Invariant($"none of the {masks} masks of {images} has a pixel of ")
        + (classes.Count == 1 ? "foreground" : $"any of the classes {classes}")
        + (preprocessing switch
        {
            { Crop: { } crop } => $" after the crop to {crop}",
            { Resize: { } size } => $" after they were resized to {size}",
            _ => "",
        });

    /// <summary>What is to be done where masks have no foreground, as a clause.</summary>
    /// <param name="classes">What is foreground.</param>
    /// <param name="preprocessing">How the images became their size.</param>
    public static string Remedy(MaskClasses classes, Preprocessing preprocessing) =>
        (preprocessing.Crop is null ? "" : "enlarge the crop (--crop) where it cuts off what was outlined, ")
        + (classes.Count == 1 ? "name the value of the foreground (--foreground), " : "name the values of the classes (--classes), ")
        + "or take more images, on which somebody outlined something";
}
