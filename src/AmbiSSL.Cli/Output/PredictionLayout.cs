using System.Globalization;

namespace AmbiSSL.Cli.Output;

/// <summary>
/// Which files a prediction has: <c>masks/ID_s1.png</c> and so on, <c>probability/ID.png</c> and <c>uncertainty/ID.png</c> of 16 bits, those of its parts
/// where an ensemble drew, <c>consensus/ID.png</c>, of models with outlines <c>inner/ID.png</c> and <c>outer/ID.png</c>, <c>sheets/ID.png</c>,
/// <c>measurements/ID.csv</c>, and where they are wanted <c>overlays/ID.png</c>, <c>overlays/ID.svg</c> and <c>heatmaps/ID.png</c>. Images that went from
/// file to files have masks, maps, consensus and measurements alone.
/// </summary>
/// <remarks>
/// Masks of several classes are PNG with a palette, whose values are the numbers of the classes, or, where these overlap, a file a class,
/// <c>masks/ID_s1_CLASS.png</c>; there is a <c>probability/ID_CLASS.png</c> for each class, and an inner and an outer outline.
/// </remarks>
internal sealed class PredictionLayout
{
    /// <summary>The part of the uncertainty that is between experts.</summary>
    public const string Experts = "uncertainty_experts";

    /// <summary>The part of the uncertainty that is between models.</summary>
    public const string Models = "uncertainty_models";

    private readonly bool _overlays;
    private readonly HashSet<string> _large;

    /// <param name="shards">The folder.</param>
    /// <param name="outlines">Whether the model has outlines.</param>
    /// <param name="overlays">Whether contours and uncertainty are drawn over each image in its own size.</param>
    public PredictionLayout(ShardFolder shards, bool outlines, bool overlays)
    {
        var settings = shards.Settings;
        (Folder, Samples, Classes, _overlays) = (shards.Path, (int)settings["samples"]!, ClassesSetting.Of(settings), overlays);
        Outlines = outlines ? ["inner", "outer"] : [];
        Parts = settings[PredictionFolder.Models] is null ? [] : [Experts, Models];
        _large = [.. settings[PredictionFolder.Large]?.AsArray().Select(id => (string)id!) ?? []];
    }

    /// <summary>The folder.</summary>
    public string Folder { get; }

    /// <summary>Masks of each image.</summary>
    public int Samples { get; }

    /// <summary>The classes of the masks.</summary>
    public MaskClasses Classes { get; }

    /// <summary>The folders of outlines; none where the model has none.</summary>
    public IReadOnlyList<string> Outlines { get; }

    /// <summary>The folders of the parts of the uncertainty; none where one model drew.</summary>
    public IReadOnlyList<string> Parts { get; }

    /// <summary>The folders of files of images.</summary>
    public IEnumerable<string> Kinds =>
    [
        "masks", "consensus", .. Outlines, "probability", "uncertainty", .. Parts, "sheets", "measurements",
        .. _overlays ? (string[])["overlays", "heatmaps"] : [],
    ];

    /// <summary>Whether all files of an image are there.</summary>
    public bool IsDone(string id) => OwnFiles(id)
        .Concat(_overlays && !_large.Contains(id) ? [MapPath("overlays", id), SvgPath(id), MapPath("heatmaps", id)] : [])
        .All(File.Exists);

    /// <summary>The files of an image, without those over the whole image.</summary>
    public IEnumerable<string> OwnFiles(string id)
    {
        var drawn = SampleFiles(id);
        return
        [
            .. drawn.Masks, .. drawn.Consensus, .. drawn.Probability, drawn.Uncertainty, MeasurementPath(id),
            .. _large.Contains(id)
                ? (string[])[]
                : [.. Outlines.SelectMany(kind => PlanePaths(kind, id)), .. Parts.Select(kind => MapPath(kind, id)), MapPath("sheets", id)],
        ];
    }

    /// <summary>The files of the masks and maps of an image.</summary>
    public SampleFiles SampleFiles(string id) => new(
        [.. Enumerable.Range(0, Samples).SelectMany(sample => MaskPaths(id, sample))],
        MaskPaths("consensus", id),
        PlanePaths("probability", id),
        MapPath("uncertainty", id));

    /// <summary>The files of a sample.</summary>
    public string[] MaskPaths(string id, int sample) => MaskPaths("masks", string.Create(CultureInfo.InvariantCulture, $"{id}_s{sample + 1}"));

    /// <summary>The files of a mask: one, or, where classes overlap, one for each.</summary>
    public string[] MaskPaths(string kind, string name) => OfClasses(kind, name, Classes.Overlap);

    /// <summary>The files of the planes of classes, one for each.</summary>
    public string[] PlanePaths(string kind, string id) => OfClasses(kind, id, Classes.Count > 1);

    /// <summary>The file of a map or a picture.</summary>
    public string MapPath(string kind, string id) => Path.Combine(Folder, kind, $"{id}.png");

    /// <summary>The file of what an image's samples measure.</summary>
    public string MeasurementPath(string id) => Path.Combine(Folder, "measurements", $"{id}.csv");

    /// <summary>The file of the contours over an image.</summary>
    public string SvgPath(string id) => Path.Combine(Folder, "overlays", $"{id}.svg");

    private string[] OfClasses(string kind, string name, bool isEach) =>
        isEach ? [.. Classes.Names.Select(own => MapPath(kind, $"{name}_{own}"))] : [MapPath(kind, name)];
}
