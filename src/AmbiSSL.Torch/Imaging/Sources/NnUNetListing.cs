namespace AmbiSSL.Torch.Imaging;

/// <summary>
/// Lists what a folder of nnU-Net's layout holds: <c>imagesTr/ID_0000.png</c>, <c>ID_0001.png</c> and so on, a file for each channel, with
/// <c>labelsTr/ID.png</c> and <c>dataset.json</c>.
/// </summary>
internal static class NnUNetListing
{
    public const string ImagesName = "imagesTr";

    private const string ImagesMark = "images";
    private const string LabelsMark = "labels";

    /// <summary>Whether a folder looks like one of this layout, or like its folder of images.</summary>
    public static bool Recognizes(string path) => FindImages(path) is not null;

    /// <summary>Whether its images are volumes.</summary>
    public static bool HasVolumes(string path) => FindImages(path) is { } images && FolderFiles.Files(images).Any(FileKind.Volumes.Has);

    /// <summary>Lists the images, and what is left out.</summary>
    /// <param name="path">The folder that holds <c>imagesTr</c>, or a folder <c>imagesTr</c> or <c>imagesTs</c> itself.</param>
    /// <param name="kind">The kind of its files.</param>
    /// <param name="reading">How files are read; null for the default values.</param>
    /// <returns>Records, what is left out, and how files are read by what <c>dataset.json</c> says.</returns>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">A channel is missing, a label has no image, or the description does not fit.</exception>
    public static (IReadOnlyList<ImageRecord> Records, IReadOnlyList<LeftOutFile> LeftOut, ReadingOptions Reading) Read(
        string path, FileKind kind, ReadingOptions? reading)
    {
        reading ??= new ReadingOptions();
        if (FindImages(path) is not { } imagesFolder)
        {
            throw new DirectoryNotFoundException($"Folder '{Path.Combine(path, ImagesName)}' does not exist; nnU-Net's layout has {ImagesName} and labelsTr.");
        }

        if (reading.IsByNumber)
        {
            throw new InvalidDataException(
                $"Folder '{path}' has nnU-Net's layout, one label file an image without a number, "
                + "but readers are asked for by number; do not ask for numbers.");
        }

        var root = Path.GetDirectoryName(Path.GetFullPath(imagesFolder))!;
        var labelsFolder = FolderFiles.Find(FolderFiles.Folders(root), LabelsMark + Path.GetFileName(imagesFolder)[ImagesMark.Length..]);
        var leftOut = new List<LeftOutFile>();
        if (path != imagesFolder)
        {
            leftOut.AddRange(FolderFiles.Folders(root).Where(folder => folder != Path.Combine(root, Path.GetFileName(imagesFolder)) && folder != labelsFolder)
                .Select(folder => new LeftOutFile(folder, "is another part, which is not read; it can be opened by its own name")));
        }

        var images = ChannelFiles.Group(List(imagesFolder, kind, leftOut, name => ChannelFiles.Split(name) is not null, "ID_0000"));
        var labels = labelsFolder is null ? [] : List(labelsFolder, kind, leftOut, _ => true, "ID");
        if (labels.FirstOrDefault(label => !images.ContainsKey(label.Key)) is { Key: not null } orphan)
        {
            throw new InvalidDataException(
                $"Label file '{orphan.Value}' belongs to no image: '{Path.Combine(imagesFolder, $"{orphan.Key}_0000{kind.Extension}")}' does not exist.");
        }

        if (FolderFiles.Find(FolderFiles.Files(root), NnUNetDescription.FileName) is { } file)
        {
            var description = NnUNetDescription.Read(file);
            RequireChannels(file, description, images);
            reading = labels.Count == 0 || reading.WithoutMasks || reading.LabelClasses is not null ? reading
                : reading.NamedClasses is { } named ? description.WithValues(named.Classes, reading)
                : reading.ForegroundValues is not null ? reading
                : reading with { ForegroundValues = description.Foreground(reading.Category) };
        }
        else if (reading.Category is not null || (reading.NamedClasses is not null && labels.Count > 0))
        {
            throw new InvalidDataException(
                $"Folder '{root}' has no {NnUNetDescription.FileName} that says the value of "
                + $"'{reading.Category ?? reading.Classes!.ToString()}'; name values with {nameof(ReadingOptions.ForegroundValues)} (--foreground), or of "
                + $"classes with {nameof(ReadingOptions.Classes)} (--classes core=1,rim=2).");
        }

        return ([.. images.Select(image => MakeRecord(image.Key, image.Value, labels.GetValueOrDefault(image.Key)))], leftOut, reading);
    }

    private static string? FindImages(string path)
    {
        if (!Directory.Exists(path))
        {
            return null;
        }

        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
        return name.StartsWith(ImagesMark + "T", StringComparison.OrdinalIgnoreCase) ? path : FolderFiles.Find(FolderFiles.Folders(path), ImagesName);
    }

    private static SortedDictionary<string, string> List(string folder, FileKind kind, List<LeftOutFile> leftOut, Predicate<string> isNamed, string expected)
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in FolderFiles.Files(folder))
        {
            var name = kind.Name(file);
            if (!kind.Has(file) || !isNamed(name))
            {
                leftOut.Add(new LeftOutFile(file, $"is not named {expected}{kind.Extension}"));
            }
            else if (!files.TryAdd(name, file))
            {
                throw new InvalidDataException($"'{files[name]}' and '{file}' have the same name '{name}'; remove one.");
            }
        }

        return files;
    }

    private static void RequireChannels(string path, NnUNetDescription description, SortedDictionary<string, IReadOnlyList<string>> images)
    {
        if (description.Channels is { } channels
            && images.FirstOrDefault(image => image.Value.Count != channels && !IsColor(image.Value, channels)) is { Key: not null } other)
        {
            throw new InvalidDataException(
                $"'{path}' names {channels} channels, and image '{other.Key}' has files of {other.Value.Count}; "
                + "add or remove files, or correct the description.");
        }

        static bool IsColor(IReadOnlyList<string> files, int channels) => files.Count == 1 && channels == 3;
    }

    private static ImageRecord MakeRecord(string id, IReadOnlyList<string> files, string? label) => new()
    {
        Id = id,
        Subject = id,
        ImagePath = files[0],
        ChannelPaths = files.Count == 1 ? [] : files,
        MaskPaths = label is null ? [] : [label],
        Annotators = label is null ? [] : [1],
    };
}
