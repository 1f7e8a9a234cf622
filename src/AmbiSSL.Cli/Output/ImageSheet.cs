using AmbiSSL.Cli.Data;

namespace AmbiSSL.Cli.Output;

/// <summary>A picture of images and what a model drew for them.</summary>
internal static class ImageSheet
{
    private const int MostMasks = 8;

    /// <summary>Writes a row for each image, with the first eight of its masks.</summary>
    /// <param name="path">A PNG file.</param>
    /// <param name="samples">Masks N of each image.</param>
    /// <param name="images">At least one.</param>
    public static void Write(string path, int samples, IEnumerable<ScoredImage> images)
    {
        var sheet = new MaskSheet(Math.Min(samples, MostMasks));
        foreach (var (image, masks, probability, uncertainty, _, _, _) in images)
        {
            sheet.Add(image, masks, probability, uncertainty);
        }

        sheet.Save(path);
    }
}
