using AmbiSSL.Torch.Foundation;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Networks;

/// <summary>
/// Compares the weights of a file with those of <see cref="ResNet34Encoder"/>, whose names are torchvision's and timm's, before a value is read.
/// </summary>
internal static class PretrainedWeights
{
    /// <summary>The name of the first convolution's filters, which may be of images with another number of channels.</summary>
    public const string Stem = "conv1.weight";

    private const string Counters = "num_batches_tracked";
    private const int Shown = 4;
    private static readonly string[] Classifier = ["fc.weight", "fc.bias"];

    /// <summary>Requires that every weight has its place, and the encoder every weight that it needs; counters of batches are not used.</summary>
    /// <param name="path">The file.</param>
    /// <param name="stored">What it holds.</param>
    /// <param name="own">The encoder's.</param>
    /// <returns>What matched, and what is left out, in a sentence.</returns>
    /// <exception cref="InvalidDataException">Something does not fit; the message has names and shapes.</exception>
    public static string RequireFit(string path, IReadOnlyList<SafetensorsEntry> stored, IEnumerable<WeightShape> own)
    {
        var needed = own.Where(weight => !IsCounter(weight.Name)).ToDictionary(weight => weight.Name);
        var found = stored.Where(entry => !IsCounter(entry.Name) && !Classifier.Contains(entry.Name)).ToDictionary(entry => entry.Name);
        string[] missing = [.. needed.Keys.Where(name => !found.ContainsKey(name))];
        string[] unknown = [.. found.Values.Where(entry => !needed.ContainsKey(entry.Name)).Select(entry => $"{entry.Name} {Text(entry.Shape)}")];
        string[] different =
        [
            .. from entry in found.Values
               where needed.TryGetValue(entry.Name, out var weight) && !Fits(entry, weight)
               select $"{entry.Name} {Text(entry.Shape)} of {entry.Type} and not {Text(needed[entry.Name].Shape)}",
        ];
        if (missing.Length + unknown.Length + different.Length > 0)
        {
            string[] problems = [.. Problem("missing", missing), .. Problem("of another shape or type", different), .. Problem("without a place", unknown)];
            throw new InvalidDataException(
                $"{path} does not fit resnet34's encoder: {string.Join("; ", problems)}. "
                + "Give the weights of torchvision's or timm's resnet34 under their own names.");
        }

        var channels = needed[Stem].Shape[1];
        string[] leftOut = [.. stored.Select(entry => entry.Name).Where(Classifier.Contains)];
        return $"{found.Count} of {needed.Count} weights of the encoder are taken from {path}"
            + (found[Stem].Shape[1] == channels ? "" : $", {Stem} as the sum over {found[Stem].Shape[1]} colors for {channels} channels")
            + (leftOut.Length == 0 ? "." : $"; left out: {string.Join(", ", leftOut)}.");
    }

    /// <summary>Reads what a file says of itself.</summary>
    /// <exception cref="InvalidDataException">It is no safetensors file.</exception>
    public static SafetensorsHeader ReadHeader(FileStream stream, string path)
    {
        var start = (stream.ReadByte(), stream.ReadByte());
        stream.Position = 0;

        // A zip archive, or a pickle of protocol 2.
        return start is ('P', 'K') or (0x80, 2)
            ? throw new InvalidDataException(
                $"{path} is a file of torch.save, which can hold code and is not read; write the weights with Python's safetensors: "
                + "safetensors.torch.save_file(torch.load(path, weights_only=True), 'resnet34.safetensors').")
            : SafetensorsHeader.Read(stream, path);
    }

    /// <summary>Whether a name is that of a counter of the batches that batch normalization saw, which not every file has.</summary>
    public static bool IsCounter(string name) => name.EndsWith(Counters, StringComparison.Ordinal);

    private static bool Fits(SafetensorsEntry entry, WeightShape own) =>
        entry.Type is ScalarType.Float32 or ScalarType.Float64 or ScalarType.Float16 or ScalarType.BFloat16
        && (entry.Name == Stem && entry.Shape.Length == 4 && entry.Shape[1] > 0
            ? own.Shape.Where((_, axis) => axis != 1).SequenceEqual(entry.Shape.Where((_, axis) => axis != 1))
            : own.Shape.SequenceEqual(entry.Shape));

    private static IEnumerable<string> Problem(string what, string[] names) => names.Length == 0
        ? [] : [$"{names.Length} {what} ({string.Join(", ", names.Take(Shown))}{(names.Length > Shown ? " and more" : "")})"];

    private static string Text(IEnumerable<long> shape) => $"[{string.Join(", ", shape)}]";
}
