using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using AmbiSSL.Torch.Foundation;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Data.IO;
using Microsoft.ML.Runtime;

namespace AmbiSSL.MLNet.Interop;

/// <summary>A model file of ML.NET, a zip: how this library reads it, and what the transformers in it share.</summary>
internal static class ModelArchive
{
    private const string SchemaEntry = "Schema";
    private const uint FormatVersion = 0x00010003;

    // Loads by this library that are under way, so that a device can be chosen and errors can name the file; ML.NET's own loads are not among them.
    private static readonly ConditionalWeakTable<RepositoryReader, ModelLoad> Loads = [];

    /// <summary>Reads a model file without unpacking it to disk. Nothing stays of one that is refused.</summary>
    /// <exception cref="InvalidDataException">It cannot be read, or holds no segmentation model.</exception>
    public static ITransformer Load(IHostEnvironment environment, ModelLoad load, bool readsSchema, out DataViewSchema? inputSchema)
    {
        using var stream = RegularFile.Open(load.Path, "Model file");
        try
        {
            using var archive = RepositoryReader.Open(stream, environment, useFileSystem: false);
            load.RequireEntries(Entries(archive).Values.Where(entry => entry.Name != TransformerFile.WeightsEntry));
            Loads.Add(archive, load);
            ModelLoadContext.LoadModelOrNull<ITransformer, SignatureLoadModel>(
                environment, out var model, archive, CompositeDataLoader<object, ITransformer>.TransformerDirectory);
            load.RequireModel();
            var schema = readsSchema ? archive.OpenEntryOrNull(SchemaEntry) : null;
            inputSchema = schema is null ? null : new BinaryLoader(environment, new BinaryLoader.Arguments(), schema.Stream).Schema;
            return model;
        }
        catch (Exception exception) when (exception is not UnauthorizedAccessException)
        {
            throw environment.Process(load.Refuse(exception));
        }
    }

    /// <summary>The load by this library that reads the file; null where ML.NET itself does.</summary>
    public static ModelLoad? LoadOf(ModelLoadContext context) => Loads.TryGetValue(context.Repository, out var load) ? load : null;

    /// <summary>What errors call the file.</summary>
    public static string NameOf(ModelLoadContext context) => LoadOf(context)?.Path ?? "This model file";

    /// <summary>The entries of the file by their paths.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_entries")]
    public static extern ref Dictionary<string, ZipArchiveEntry> Entries(RepositoryReader repository);

    /// <summary>What ML.NET writes before a transformer, and finds its reader by.</summary>
    /// <param name="modelSignature">Eight characters.</param>
    /// <param name="loaderSignature">The word of the <see cref="LoadableClassAttribute"/>.</param>
    public static VersionInfo Version(string modelSignature, string loaderSignature) => new(
        modelSignature: modelSignature,
        verWrittenCur: FormatVersion,
        verReadableCur: FormatVersion,
        verWeCanReadBack: FormatVersion,
        loaderSignature: loaderSignature,

        // The simple assembly name: with the full one, a model saved by a later version could not be found by an earlier one.
        loaderAssemblyName: typeof(ModelArchive).Assembly.GetName().Name);

    /// <summary>SHA-256 of a text, in hexadecimal digits.</summary>
    public static string Checksum(string text) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
