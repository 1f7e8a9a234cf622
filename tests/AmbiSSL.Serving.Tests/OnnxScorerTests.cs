using Microsoft.ML;
using NUnit.Framework;
using ServingOnnx;

namespace AmbiSSL.Serving.Tests;

/// <summary>The sample without TorchSharp draws what the model draws.</summary>
public sealed class OnnxScorerTests
{
    [TestCase(false, 1e-4)]
    [TestCase(true, 0.02)]
    public void Masks_and_probability_are_the_model_s(bool inEightBits, double tolerance)
    {
        var lesions = new SyntheticLesions(new SyntheticLesionOptions { Images = 8, Height = 24, Width = 32, Radius = 0.2 });
        var segmentation = new MLContext(seed: 1).AmbiguousSegmentation();
        var options = new GlobalConfusionMatrixOptions
        {
            Backbone = new UNetBackbone { Filters = [4, 8] }, Epochs = 4, Training = new TrainingOptions { BatchSize = 4, LearningRate = 1e-2 },
        };
        using var transformer = segmentation.Trainers.GlobalConfusionMatrix(options).Fit(segmentation.Load(lesions));
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var (file, picture) = (Path.Combine(folder.FullName, "model.onnx"), Path.Combine(folder.FullName, "scan.png"));
            var image = lesions.Read(0).Pixels;
            using (var stream = File.Create(picture))
            {
                PngFile.WriteImage(stream, image);
            }

            transformer.ExportOnnx(file, new OnnxExportOptions { Int8Images = inEightBits ? lesions : null });

            var scored = OnnxScorer.Score(file, picture);

            var model = transformer.Model;
            var (masks, probability) = (new byte[model.Annotators * model.Shape.PixelCount], new float[model.Shape.PixelCount]);
            model.SampleMasks(model.ToInput(image), model.Annotators, masks, probability);
            Assert.That(scored.Probability, Is.EqualTo(probability).Within(tolerance));
            Assert.That(scored.Masks.Zip(masks).Count(pair => pair.First != pair.Second), Is.LessThanOrEqualTo(inEightBits ? 20 : 2));
            Assert.That(scored.Uncertainty, Has.All.InRange(0f, 1f));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Test]
    public void The_sample_needs_neither_TorchSharp_nor_AmbiSSL() => Assert.That(
        typeof(OnnxScorer).Assembly.GetReferencedAssemblies().Select(assembly => assembly.Name),
        Has.None.StartsWith("TorchSharp").And.None.StartsWith("AmbiSSL"));
}
