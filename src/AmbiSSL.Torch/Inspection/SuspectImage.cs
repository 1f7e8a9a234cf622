namespace AmbiSSL;

/// <summary>One of the images of a data set that deserve a look most.</summary>
/// <param name="Image">The image and its masks.</param>
/// <param name="Reason">Why, in a few words.</param>
public sealed record SuspectImage(AnnotatedImage Image, string Reason);
