using System.IO.Compression;
using AmbiSSL.Torch.Foundation;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace AmbiSSL.Fuzz.Targets;

/// <summary>A model file of ML.NET.</summary>
internal class ModelZipTarget : FuzzTarget
{
    private readonly MLContext _context = new(seed: 1);
    private readonly Lazy<byte[]> _weights = new(TinyModel.Save);

    public override string Name => "model-zip";

    public override string Invariant => "Refused by name, or it gives the model, the columns and the settings that were saved.";

    public override string FileName => "model.zip";

    /// <summary>A sound archive in which one entry was changed.</summary>
    public override byte[] Mend(byte[] mutant, SplitMix64 random)
    {
        using var stream = new MemoryStream();
        stream.Write(Sound[0]);
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Update, leaveOpen: true))
        {
            var entry = zip.Entries[(int)(random.Next() % (ulong)zip.Entries.Count)];
            using var content = entry.Open();
            for (var changes = 1 + (random.Next() % 4); changes > 0; changes--)
            {
                content.Position = (long)(random.Next() % (ulong)content.Length);
                content.WriteByte((byte)random.Next());
            }
        }

        return stream.ToArray();
    }

    public override bool Check(string path) => Accepts(
        path,
        () =>
        {
            var loaded = _context.AmbiguousSegmentation().LoadModel(path);
            using var disposed = (IDisposable)loaded;
            RequireSaved(loaded);
        },
        typeof(InvalidDataException));

    protected override IReadOnlyList<byte[]> MakeSound()
    {
        var transformer = MakeTransformer(_context);
        using var disposed = (IDisposable)transformer;
        var schema = new DataViewSchema.Builder();
        schema.AddColumn("Image", new VectorDataViewType(NumberDataViewType.Byte, 1, 16, 16));
        using var stream = new MemoryStream();
        _context.Model.Save(transformer, schema.ToSchema(), stream);
        return [stream.ToArray()];
    }

    /// <summary>Makes what is saved; the caller disposes it.</summary>
    protected virtual ITransformer MakeTransformer(MLContext context) => MakeModel(context);

    /// <summary>Requires that what was loaded is what was saved.</summary>
    protected virtual void RequireSaved(ITransformer loaded)
    {
        var models = (loaded is IEnumerable<ITransformer> chain ? chain : [loaded]).OfType<AmbiguousSegmentationTransformer>().ToArray();
        Require(models.Length == 1, $"it gives {models.Length} models");
        RequireSaved(models[0]);
    }

    /// <summary>Makes a model.</summary>
    protected static AmbiguousSegmentationTransformer MakeModel(MLContext context) => new(context, TinyModel.Make(), new SegmentationColumns());

    /// <summary>Requires that a model is the one that was saved.</summary>
    protected void RequireSaved(AmbiguousSegmentationTransformer model)
    {
        Require(model.Columns == new SegmentationColumns { ImageChannels = 1 }, $"its columns are {model.Columns}");
        Require(
            (model.Samples, model.BatchSize) == (TinyModel.Options.Samples, TinyModel.Options.Training.BatchSize),
            $"it draws {model.Samples} samples in batches of {model.BatchSize}");
        using var stream = new MemoryStream();
        model.Model.Save(stream);
        Require(stream.ToArray().AsSpan().SequenceEqual(_weights.Value), "its weights are not those that were saved");
    }
}
