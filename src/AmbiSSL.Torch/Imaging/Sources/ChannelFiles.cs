using System.Globalization;

namespace AmbiSSL.Torch.Imaging;

/// <summary>Images whose channels are files of their own: <c>ID_0000.png</c>, <c>ID_0001.png</c> and so on, as nnU-Net names them.</summary>
internal static class ChannelFiles
{
    private const int Digits = 4;

    // Images of a series are numbered like channels; nobody has so many of these.
    private const int MostChannels = 16;

    /// <summary>Splits a name such as <c>ID_0001</c>.</summary>
    /// <returns>The id and the number of the channel; null where the name does not end so.</returns>
    public static (string Id, int Channel)? Split(string name) =>
        name.Length > Digits + 1 && name[^(Digits + 1)] == '_'
            && int.TryParse(name.AsSpan(name.Length - Digits), NumberStyles.None, CultureInfo.InvariantCulture, out var channel)
            ? (name[..^(Digits + 1)], channel)
            : null;

    /// <summary>The files of each image in the order of channels; a name without a channel is an image of its own.</summary>
    /// <param name="files">Files by their names without extension.</param>
    /// <exception cref="InvalidDataException">A channel is missing.</exception>
    public static SortedDictionary<string, IReadOnlyList<string>> Group(IReadOnlyDictionary<string, string> files)
    {
        var images = new SortedDictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var image in files.Select(file => (File: file, Part: Split(file.Key) ?? (file.Key, -1)))
            .GroupBy(item => item.Part.Item1, StringComparer.Ordinal))
        {
            var ordered = image.OrderBy(item => item.Part.Item2).ToList();
            if (ordered.Count > 1 && ordered[0].Part.Item2 < 0)
            {
                throw new InvalidDataException(
                    $"'{ordered[0].File.Value}' is an image, and '{ordered[1].File.Value}' one channel of an image of the same name; "
                    + $"remove one of them, or say with {nameof(ReadingOptions.ChannelFiles)} (--channel-files no) that each file is an image.");
            }

            var missing = Enumerable.Range(0, ordered.Count).FirstOrDefault(
                channel => ordered[channel].Part.Item2 >= 0 && ordered[channel].Part.Item2 != channel, -1);
            if (missing >= 0)
            {
                throw new InvalidDataException(
                    $"Image '{image.Key}' has the channel '{ordered[missing].File.Value}', but none of number {missing}; channels are numbered from 0000 on "
                    + "without gaps.");
            }

            images.Add(image.Key, [.. ordered.Select(item => item.File.Value)]);
        }

        return images;
    }

    /// <summary>Whether files are channels of images and not images of their own, by whom index and masks name.</summary>
    /// <param name="folder">The folder of images, for errors.</param>
    /// <param name="names">Names of its files without extension.</param>
    /// <param name="named">What the index names as images, or, where there is none, what masks belong to.</param>
    /// <exception cref="InvalidDataException">The names leave a doubt.</exception>
    public static bool Are(string folder, IReadOnlyCollection<string> names, IReadOnlySet<string> named)
    {
        var parts = names.Select(name => (Name: name, Part: Split(name))).Where(item => item.Part is not null)
            .Select(item => (item.Name, item.Part!.Value.Id)).ToList();
        var asChannel = parts.FirstOrDefault(part => named.Contains(part.Id) && !names.Contains(part.Id)).Name;
        var asImage = parts.FirstOrDefault(part => named.Contains(part.Name)).Name;
        if (asChannel is not null ^ asImage is not null)
        {
            return asChannel is not null;
        }

        if (asChannel is not null)
        {
            throw Doubt(folder, $"'{asChannel}' is taken for a channel there, and '{asImage}' for an image");
        }

        var counts = parts.GroupBy(part => part.Id).Select(image => image.Count()).ToHashSet();
        return parts.Count == names.Count && counts.Count == 1 && counts.Single() is > 1 and <= MostChannels
            ? throw Doubt(folder, $"'{parts[0].Name}' may be a channel of the image '{parts[0].Id}', or an image")
            : false;
    }

    private static InvalidDataException Doubt(string folder, string what) => new(
        $"In '{folder}' {what}; say with {nameof(ReadingOptions.ChannelFiles)} (--channel-files) whether files are the channels "
        + "of images (yes) or images (no).");
}
