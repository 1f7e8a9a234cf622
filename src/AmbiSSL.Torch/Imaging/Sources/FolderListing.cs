using System.Globalization;
using AmbiSSL.Torch.Foundation;

namespace AmbiSSL.Torch.Imaging;

/// <summary>Lists what a folder of this library's format holds: its images or volumes with their masks, as the index or the names say.</summary>
internal static class FolderListing
{
    public const string IndexName = "index.csv";
    public const string ImagesName = "images";
    public const string MasksName = "masks";

    private const string MaskMark = "_r";

    /// <summary>Lists the images of a folder, and what is left out.</summary>
    /// <param name="path">The folder that holds <c>images</c>.</param>
    /// <param name="kind">The kind of its files.</param>
    /// <param name="reading">How files are read; null for the default values.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder, or it holds no folder <c>images</c>.</exception>
    /// <exception cref="FileNotFoundException">The index names an image that is not there.</exception>
    /// <exception cref="InvalidDataException">The index is malformed, or disagrees with the files.</exception>
    public static (IReadOnlyList<ImageRecord> Records, IReadOnlyList<LeftOutFile> LeftOut) Read(string path, FileKind kind, ReadingOptions? reading)
    {
        if (FindFolder(path, ImagesName) is not { } imagesFolder)
        {
            throw new DirectoryNotFoundException(
                $"Folder '{Path.Combine(path, ImagesName)}' does not exist; a data set has the folders images and masks and the file index.csv.");
        }

        reading ??= new ReadingOptions();
        var masksFolder = FindFolder(path, MasksName);
        var index = FolderFiles.Find(FolderFiles.Files(path), IndexName);
        var leftOut = LeftOutBeside(path, imagesFolder, masksFolder, index).ToList();
        var rows = index is null ? null : IndexFile.Read(index);
        var files = FindImages(imagesFolder, kind, leftOut);
        if (rows is null)
        {
            LeaveOutMasks(files, kind, leftOut);
        }

        var named = rows?.Select(row => row.Id) ?? MaskedIds(masksFolder, kind, reading);
        var images = reading.ChannelFiles ?? ChannelFiles.Are(imagesFolder, files.Keys, named.ToHashSet(StringComparer.Ordinal))
            ? ChannelFiles.Group(files)
            : new SortedDictionary<string, IReadOnlyList<string>>(
                files.ToDictionary(file => file.Key, file => (IReadOnlyList<string>)[file.Value]), StringComparer.Ordinal);
        var masks = FindMasks(masksFolder, kind, images.Keys, reading, leftOut);
        var records = rows is null
            ? ListImages(imagesFolder, kind, images, masks, reading)
            : TakeRows(index!, rows, imagesFolder, kind, images, masks, reading, leftOut);
        return (records, leftOut);
    }

    /// <summary>Whether a folder looks like one of this format.</summary>
    public static bool Recognizes(string path, FileKind kind)
    {
        if (FindFolder(path, ImagesName) is not { } images)
        {
            return false;
        }

        var files = FolderFiles.Files(images).ToList();
        return files.Any(kind.Has)
            || (kind == FileKind.Pictures && !files.Any(FileKind.Volumes.Has) && FolderFiles.Find(FolderFiles.Files(path), IndexName) is not null);
    }

    /// <summary>Whether files can be named after an id.</summary>
    public static bool IsFileName(string id) => id.IndexOfAny(['/', '\\', ':']) < 0 && !id.Any(char.IsControl);

    private static string? FindFolder(string path, string name) => Directory.Exists(path) ? FolderFiles.Find(FolderFiles.Folders(path), name) : null;

    /// <summary>What masks belong to, by their names.</summary>
    private static IEnumerable<string> MaskedIds(string? folder, FileKind kind, ReadingOptions reading) =>
        from path in folder is null ? [] : FolderFiles.Files(folder)
        where kind.Has(path)
        let mask = SplitMask(kind.Name(path), reading)
        where mask is not null
        select mask.Value.Id;

    private static IReadOnlyList<ImageRecord> TakeRows(
        string index,
        IReadOnlyList<IndexRow> rows,
        string imagesFolder,
        FileKind kind,
        SortedDictionary<string, IReadOnlyList<string>> images,
        Dictionary<string, SortedList<int, string[]>> masks,
        ReadingOptions reading,
        List<LeftOutFile> leftOut)
    {
        var records = new List<ImageRecord>();
        var namesReaders = rows.Any(row => row.Readers.Count > 0);
        if (reading.IsByNumber && namesReaders)
        {
            throw new InvalidDataException(
                $"Line {rows.First(row => row.Readers.Count > 0).Line} of '{index}' names readers, but readers are asked for by number; "
                + "remove the column readers, or do not ask for numbers.");
        }

        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            if (!lines.TryAdd(row.Id, row.Line))
            {
                throw new InvalidDataException(
                    $"Lines {lines[row.Id]} and {row.Line} of '{index}' have the same id '{row.Id}'; ids must be unique.");
            }

            if (!IsFileName(row.Id))
            {
                throw new InvalidDataException(
                    $"Line {row.Line} of '{index}' has the id '{row.Id}'; an id must not hold / \\ : or control characters because files are named after it.");
            }

            if (!images.TryGetValue(row.Id, out var files))
            {
                var missing = Path.Combine(imagesFolder, row.Id + kind.Extension);
                var reason = File.Exists(missing) ? "is hidden, and hidden files are left out: give it another name" : "does not exist";
                throw new FileNotFoundException(
                    $"Line {row.Line} of '{index}' names the image '{row.Id}', but '{missing}' {reason}.{Others(leftOut)}", missing);
            }

            foreach (var file in files.Where(file => !File.Exists(file)))
            {
                RegularFile.Require(file, "Image file");
            }

            var found = masks.GetValueOrDefault(row.Id) ?? [];
            if (!reading.WithoutMasks && row.Annotators is { } annotators && annotators != found.Count)
            {
                throw new InvalidDataException(
                    $"Line {row.Line} of '{index}' gives image '{row.Id}' {Masks(annotators)}, but {found.Count} found in the folder masks"
                    + $"{(found.Count == 0 ? string.Empty : $" ({string.Join(", ", found.Values.SelectMany(files => files).Select(Path.GetFileName))})")}; "
                    + $"correct the number, or add or remove files.{Others(leftOut)}");
            }

            if (!reading.WithoutMasks && namesReaders && ReaderNames.Fault(row.Readers, found.Count) is { } fault)
            {
                throw new InvalidDataException(
                    $"Line {row.Line} of '{index}', image '{row.Id}': {fault}; the column readers must name whoever drew each mask, nobody "
                    + "twice, in the order of the masks' numbers with semicolons between them, such as anna;ben.");
            }

            records.Add(MakeRecord(
                row.Id, row.Subject, row.Fold, files, found, Readers(found, reading, row.Readers), row.Columns));
        }

        leftOut.AddRange(images.Where(image => !lines.ContainsKey(image.Key))
            .SelectMany(image => image.Value.Select(file => new LeftOutFile(file, "is not in the index"))));
        foreach (var (id, numbered) in masks.Where(mask => !lines.ContainsKey(mask.Key)).OrderBy(mask => mask.Key, StringComparer.Ordinal))
        {
            leftOut.AddRange(numbered.Values.SelectMany(files => files).Select(path => new LeftOutFile(
                path, "belongs to no image of the index",
                images.ContainsKey(id) ? null : MaskPath(path, MasksName, kind, lines.Keys))));
        }

        return records;
    }

    private static string Others(List<LeftOutFile> leftOut) => leftOut.Count == 0 ? "" : " " + LeftOutFile.Summarize(leftOut);

    private static string Masks(int count) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} annotator{(count == 1 ? string.Empty : "s")}");

    private static List<ImageRecord> ListImages(
        string imagesFolder,
        FileKind kind,
        SortedDictionary<string, IReadOnlyList<string>> images,
        Dictionary<string, SortedList<int, string[]>> masks,
        ReadingOptions reading)
    {
        if (!reading.WithoutMasks && masks.Keys.Except(images.Keys).Order(StringComparer.Ordinal).FirstOrDefault() is { } orphan)
        {
            throw new InvalidDataException(
                $"Mask '{masks[orphan].Values[0][0]}' belongs to no image: "
                + $"'{Path.Combine(imagesFolder, orphan + kind.Extension)}' does not exist.");
        }

        return images.Keys.ToList().ConvertAll(id =>
        {
            var found = masks.GetValueOrDefault(id) ?? [];
            return MakeRecord(
                id,
                id,
                fold: null,
                images[id],
                found,
                Readers(found, reading, []),
                new Dictionary<string, string>());
        });
    }

    private static IReadOnlyList<string> Readers(SortedList<int, string[]> masks, ReadingOptions reading, IReadOnlyList<string> named) =>
        reading.IsByNumber ? ReaderNames.OfNumbers(masks.Keys) : reading.WithoutMasks ? [] : named;

    /// <summary>What a mask belongs to; of masks that are not read, whatever their classes: they still tell how their image lies.</summary>
    private static (string Id, int Number, int Class)? SplitMask(string name, ReadingOptions reading) => reading.WithoutMasks
        ? MaskNames.SplitAnyClass(name, MaskMark) is var (id, number) ? (id, number, 0) : null
        : MaskNames.Split(name, MaskMark, reading.NamedClasses?.Classes.Names);

    private static ImageRecord MakeRecord(
        string id,
        string subject,
        int? fold,
        IReadOnlyList<string> files,
        SortedList<int, string[]> masks,
        IReadOnlyList<string> readers,
        IReadOnlyDictionary<string, string> columns) => new()
        {
            Id = id,
            Subject = subject,
            Fold = fold,
            ImagePath = files[0],
            ChannelPaths = files.Count == 1 ? [] : files,
            MaskPaths = [.. masks.Values.SelectMany(files => files)],
            Annotators = [.. masks.Keys],
            Readers = readers,
            Columns = columns,
        };

    private static SortedDictionary<string, string> FindImages(string folder, FileKind kind, List<LeftOutFile> leftOut)
    {
        var images = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var path in FolderFiles.Files(folder))
        {
            var id = kind.Name(path);
            if (!kind.Has(path))
            {
                leftOut.Add(new LeftOutFile(path, $"is {kind.Words} by its name"));
            }
            else if (!images.TryAdd(id, path))
            {
                throw new InvalidDataException($"'{images[id]}' and '{path}' have the same name '{id}'; remove one.");
            }
        }

        leftOut.AddRange(FolderFiles.Folders(folder).Select(inner => new LeftOutFile(inner, "is a folder where files are expected")));
        return images;
    }

    /// <summary>Where no index says which files are images, one that is named as a mask of another is none.</summary>
    private static void LeaveOutMasks(SortedDictionary<string, string> images, FileKind kind, List<LeftOutFile> leftOut)
    {
        foreach (var (name, path) in images.Where(image => MaskNames.IsMaskOf(image.Key, images.Keys)).ToList())
        {
            images.Remove(name);
            leftOut.Add(new LeftOutFile(path, "is named as a mask and lies among the images", MaskPath(path, MasksName, kind, images.Keys)));
        }
    }

    /// <summary>Mask files of each image by number: one, or one for each class.</summary>
    private static Dictionary<string, SortedList<int, string[]>> FindMasks(
        string? folder, FileKind kind, IReadOnlyCollection<string> images, ReadingOptions reading, List<LeftOutFile> leftOut)
    {
        var classes = reading.NamedClasses?.Classes.Names;
        var masks = new Dictionary<string, SortedList<int, string[]>>(StringComparer.Ordinal);
        foreach (var path in folder is null ? [] : FolderFiles.Files(folder))
        {
            if (!kind.Has(path) || SplitMask(kind.Name(path), reading) is not var (id, number, position))
            {
                leftOut.Add(new LeftOutFile(
                    path,
                    $"is not named as a mask, ID{MaskMark}NUMBER{(classes is null ? "" : "_CLASS")}{kind.Extension}",
                    classes is null ? MaskPath(path, Path.GetFileName(folder!), kind, images) : null));
                continue;
            }

            if (!masks.TryGetValue(id, out var numbered))
            {
                masks.Add(id, numbered = []);
            }

            numbered.TryAdd(number, new string[classes?.Count ?? 1]);
            if (numbered[number][position] is { } other && !reading.WithoutMasks)
            {
                throw new InvalidDataException(
                    $"Masks '{other}' and '{path}' have the same number {number}{(classes is null ? "" : $" and class '{classes[position]}'")}; remove one.");
            }

            numbered[number][position] = path;
        }

        RequireAllClasses(masks, classes);

        leftOut.AddRange((folder is null ? [] : FolderFiles.Folders(folder)).Select(inner => new LeftOutFile(
            inner,
            "is a folder where files are expected",
            Path.Combine(folder!, $"ID{MaskMark}{MaskNames.NumberIn(Path.GetFileName(inner), "1")}{kind.Extension}"))));
        return masks;
    }

    private static void RequireAllClasses(Dictionary<string, SortedList<int, string[]>> masks, IReadOnlyList<string>? classes)
    {
        foreach (var (number, files) in masks.OrderBy(image => image.Key, StringComparer.Ordinal).SelectMany(image => image.Value))
        {
            if (Array.IndexOf(files, null) is >= 0 and var missing)
            {
                var there = Array.FindIndex(files, file => file is not null);
                var name = Path.GetFileName(files[there]);
                var place = name.LastIndexOf("_" + classes![there], StringComparison.Ordinal) + 1;
                throw new InvalidDataException(
                    $"Mask '{files[there]}' is of the class '{classes[there]}', and mask {number} of its image has no file "
                    + $"'{name[..place]}{classes[missing]}{name[(place + classes[there].Length)..]}' of the class '{classes[missing]}'; "
                    + "add it, black all over where nobody drew anything.");
            }
        }
    }

    private static string? MaskPath(string path, string folder, FileKind kind, IReadOnlyCollection<string> ids) => ids.Count == 0
        ? null
        : Path.Combine(
            Path.GetDirectoryName(Path.GetDirectoryName(path))!,
            folder,
            MaskNames.Nearest(kind.Name(path), ids, MaskMark, "1") + kind.Extension);

    /// <summary>What lies beside images, masks and index, and may be meant as one of them.</summary>
    private static IEnumerable<LeftOutFile> LeftOutBeside(string path, string images, string? masks, string? index)
    {
        foreach (var folder in FolderFiles.Folders(path).Where(folder => folder != images && folder != masks))
        {
            yield return new LeftOutFile(folder, "is neither images nor masks", masks is null ? Path.Combine(path, MasksName) : null);
        }

        foreach (var file in FolderFiles.Files(path).Where(file => file != index))
        {
            if (Path.GetFileName(file).StartsWith("index", StringComparison.OrdinalIgnoreCase)
                || Path.GetExtension(file).Equals(".csv", StringComparison.OrdinalIgnoreCase))
            {
                yield return new LeftOutFile(file, "is not the index", index is null ? Path.Combine(path, IndexName) : null);
            }
            else if (FolderFiles.IsPicture(file))
            {
                yield return new LeftOutFile(file, "lies outside of images and masks");
            }
        }
    }
}
