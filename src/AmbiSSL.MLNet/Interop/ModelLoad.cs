using System.IO.Compression;
using AmbiSSL.Torch.Models;

namespace AmbiSSL.MLNet.Interop;

/// <summary>A model file while this library reads it: what errors call it, where it computes, and what is freed where it is refused.</summary>
/// <param name="path">The file.</param>
/// <param name="device">Where the networks compute.</param>
internal sealed class ModelLoad(string path, ComputeDevice device)
{
    private const long LargeEntry = 100 << 20;
    private const int MostPacked = 100;

    /// <summary>The file.</summary>
    public string Path { get; } = path;

    /// <summary>Where the networks compute.</summary>
    public ComputeDevice Device { get; } = device;

    /// <summary>The segmentation models that were read from it so far.</summary>
    public List<AmbiguousSegmentationTransformer> Models { get; } = [];

    /// <summary>Checks that no entry unpacks to far more than it is.</summary>
    /// <param name="entries">What ML.NET unpacks.</param>
    /// <exception cref="InvalidDataException">One does.</exception>
    public void RequireEntries(IEnumerable<ZipArchiveEntry> entries)
    {
        if (entries.FirstOrDefault(entry => entry.Length > LargeEntry && entry.Length / MostPacked > entry.CompressedLength) is { } entry)
        {
            throw new InvalidDataException(
                $"{Path} is refused: its entry '{entry.FullName}' of {entry.CompressedLength} bytes unpacks to {entry.Length}.");
        }
    }

    /// <summary>Checks that there is a segmentation model.</summary>
    /// <exception cref="InvalidDataException">There is none.</exception>
    public void RequireModel()
    {
        if (Models.Count == 0)
        {
            throw new InvalidDataException(
                $"{Path} holds no segmentation model of this package; one that was saved together with a data loader is read by mlContext.Model.Load.");
        }
    }

    /// <summary>Frees what was read, and says why in one sentence with the file's name, whatever ML.NET wrapped it in.</summary>
    public InvalidDataException Refuse(Exception exception)
    {
        Models.ForEach(model => model.Dispose());
        Exception cause = exception;
        while (!cause.Message.StartsWith(Path, StringComparison.Ordinal) && cause.InnerException is { } inner)
        {
            cause = inner;
        }

        var remark = PackageVersion.RemarkOfArchive(Path, TransformerFile.WeightsEntry);
        return cause.Message.StartsWith(Path, StringComparison.Ordinal)
            ? new InvalidDataException(cause.Message.EndsWith(remark, StringComparison.Ordinal) ? cause.Message : cause.Message + remark, exception)
            : new InvalidDataException(
                $"{Path} is no model file that can be read: {cause.Message.ReplaceLineEndings(" ").TrimEnd('.')}."
                + (remark.Length > 0 ? remark : " It may be cut short, damaged, of another version or another kind of file; copy or save it again."),
                exception);
    }
}
