using Microsoft.ML;
using Microsoft.ML.Data;

namespace AmbiSSL.Benchmarks;

/// <summary>Ten masks for each PNG file through Transform, beside the bare model on the same images in memory.</summary>
internal static class PipelineBenchmark
{
    private const int Images = 32;
    private const int Side = 128;
    private const int Pairs = 5;

    public static void Run()
    {
        var folder = Directory.CreateTempSubdirectory("ambissl-benchmark-");
        try
        {
            var source = new SyntheticLesions(new SyntheticLesionOptions { Images = Images, Height = Side, Width = Side });
            var data = Path.Combine(folder.FullName, "data");
            ImageFolder.Save(source, data);

            // What is scored has no masks yet.
            Directory.Delete(Path.Combine(data, "masks"), recursive: true);
            File.Delete(Path.Combine(data, "index.csv"));
            var pixels = Enumerable.Range(0, Images).SelectMany(i => source.Read(i).Pixels.ToFloats()).ToArray();
            foreach (var (name, backbone) in UntrainedModel.Backbones)
            {
                var weights = Path.Combine(folder.FullName, "model.safetensors");
                using (var untrained = UntrainedModel.Create(backbone, Side))
                {
                    untrained.Save(weights);
                }

                Compare(name, weights, data, pixels);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Compare(string name, string weights, string data, float[] pixels)
    {
        var context = new MLContext();
        using var transformer = context.AmbiguousSegmentation().LoadWeights(weights);
        var masks = new byte[Images * transformer.Samples * Side * Side];
        var probability = new float[Images * Side * Side];
        var pairs = Elapsed.Pairs(
            Pairs,
            () => Consume(transformer.Transform(context.AmbiguousSegmentation().LoadFolder(data))),
            () => transformer.Model.SampleMasks(pixels, transformer.Samples, masks, probability));
        Console.WriteLine($"{name}: {Images / Statistics.MedianSeconds(pairs.First):F1} images/s from PNG files through Transform, "
            + $"{Images / Statistics.MedianSeconds(pairs.Second):F1} by the model alone; "
            + $"{1 - (1 / Statistics.WallRatio(pairs)):P1} of the time is lost outside it");
    }

    private static void Consume(IDataView scored)
    {
        using var cursor = scored.GetRowCursor([scored.Schema["Masks"], scored.Schema["Probability"], scored.Schema["Uncertainty"]]);
        var masksGetter = cursor.GetGetter<VBuffer<byte>>(scored.Schema["Masks"]);
        var probabilityGetter = cursor.GetGetter<VBuffer<float>>(scored.Schema["Probability"]);
        var uncertaintyGetter = cursor.GetGetter<VBuffer<float>>(scored.Schema["Uncertainty"]);
        VBuffer<byte> masks = default;
        VBuffer<float> probability = default;
        VBuffer<float> uncertainty = default;
        while (cursor.MoveNext())
        {
            masksGetter(ref masks);
            probabilityGetter(ref probability);
            uncertaintyGetter(ref uncertainty);
        }
    }
}
