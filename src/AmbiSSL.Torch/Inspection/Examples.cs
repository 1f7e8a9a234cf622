namespace AmbiSSL.Torch.Inspection;

/// <summary>The images that a finding is about.</summary>
internal static class Examples
{
    /// <summary>Their ids.</summary>
    public static string[] Ids(IEnumerable<ImageFacts> images) => [.. images.Select(image => image.Id)];

    /// <summary>How often something is so.</summary>
    public static string Times(int number) => number == 1 ? "Once" : FormattableString.Invariant($"{number} times");

    /// <summary>A finding about images, the first of which is the example.</summary>
    public static Finding Finding(FindingHarm harm, string problem, ImageFacts[] images, string remedy) =>
        new(harm, problem, $"{Times(images.Length)}, such as '{images[0].Id}'. {remedy}", Ids(images));
}
