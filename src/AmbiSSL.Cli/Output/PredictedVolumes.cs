using System.Globalization;

namespace AmbiSSL.Cli.Output;

/// <summary>
/// Puts slices of NIfTI volumes together again: <c>volumes</c> has <c>ID_s1.nii.gz</c> and so on, <c>ID_consensus.nii.gz</c>, of models with outlines
/// <c>ID_inner.nii.gz</c> and <c>ID_outer.nii.gz</c>, <c>ID_probability.nii.gz</c> and <c>ID_uncertainty.nii.gz</c>, and those of its parts where an ensemble
/// drew, of each volume whose slices are done.
/// </summary>
/// <param name="layout">The files of the slices.</param>
/// <param name="slices">The slices.</param>
internal sealed class PredictedVolumes(PredictionLayout layout, NiftiImages slices)
{
    /// <summary>The folder of the volumes.</summary>
    public string Folder { get; } = Path.Combine(layout.Folder, "volumes");

    /// <summary>Writes each volume whose slices are all done; a file that is there stays.</summary>
    /// <returns>How many volumes are there, and how many wait for slices that another process does.</returns>
    public (int Done, int Waiting) Write()
    {
        Directory.CreateDirectory(Folder);
        string[] done =
        [
            .. slices.Records.GroupBy(record => record.Columns["volume"])
                .Where(volume => volume.All(slice => layout.IsDone(slice.Id))).Select(volume => volume.Key),
        ];
        Array.ForEach(done, Write);
        return (done.Length, slices.Volumes.Count - done.Length);
    }

    private void Write(string volume)
    {
        for (var sample = 0; sample < layout.Samples; sample++)
        {
            var number = sample;
            WriteMasks(volume, string.Create(CultureInfo.InvariantCulture, $"s{sample + 1}"), id => layout.MaskPaths(id, number));
        }

        WriteMasks(volume, "consensus", id => layout.MaskPaths("consensus", id));
        foreach (var kind in layout.Outlines)
        {
            WriteMasks(volume, kind, id => layout.PlanePaths(kind, id));
        }

        WriteMaps(volume, "probability", id => layout.PlanePaths("probability", id));
        foreach (var kind in (string[])["uncertainty", .. layout.Parts])
        {
            WriteMaps(volume, kind, id => [layout.MapPath(kind, id)]);
        }
    }

    private void WriteMasks(string volume, string kind, Func<string, string[]> paths) => WriteEach(volume, kind, paths, (path, isOne, slice) =>
    {
        if (isOne && layout.Classes.IsExclusive)
        {
            slices.WriteClasses(volume, path, index => PngFile.ReadClasses(slice(index), layout.Classes));
        }
        else
        {
            slices.WriteMask(volume, path, index => ImagePixels.Load(slice(index)).Values<byte>().ToArray());
        }
    });

    private void WriteMaps(string volume, string kind, Func<string, string[]> paths) => WriteEach(
        volume, kind, paths, (path, _, slice) => slices.WriteMap(volume, path, index => ImagePixels.Load(slice(index)).ToFloats()));

    /// <summary>Writes the file of a kind, or that of each class.</summary>
    /// <param name="volume">The volume.</param>
    /// <param name="kind">What the file is named after.</param>
    /// <param name="paths">The files of a slice.</param>
    /// <param name="write">Writes to a path, told whether it is the only one, what is in the files of slices.</param>
    private void WriteEach(string volume, string kind, Func<string, string[]> paths, Action<string, bool, Func<int, string>> write)
    {
        var isOne = paths(kind).Length == 1;
        foreach (var (name, position) in isOne ? [(kind, 0)] : layout.Classes.Names.Select((own, position) => ($"{kind}_{own}", position)))
        {
            var path = Path.Combine(Folder, $"{volume}_{name}.nii.gz");
            if (!File.Exists(path))
            {
                write(path, isOne, index => paths(slices.Records[index].Id)[position]);
            }
        }
    }
}
