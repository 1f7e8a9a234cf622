using System.Text.Json;
using AmbiSSL.Torch.Metrics;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Training;

/// <summary>Writes what is known after each epoch for TensorBoard; its steps are epochs, counted from 1.</summary>
internal sealed class TensorBoardLog
{
    private const int Pictures = 4;
    private const int ShownSamples = 6;

    private readonly SummaryWriter _writer;
    private readonly AnnotatedImage[] _images;

    /// <summary>Opens an event file.</summary>
    /// <param name="folder">Made where it is missing.</param>
    /// <param name="images">Some annotated ones of them are shown.</param>
    /// <param name="scale">The model's intensities.</param>
    public TensorBoardLog(string folder, ImageCache images, IntensityScale scale)
    {
        _writer = utils.tensorboard.SummaryWriter(folder);
        var labeled = images.Labeled.ToArray();
        var shown = Math.Min(Pictures, labeled.Length);
        _images = [.. Enumerable.Range(0, shown).Select(i => images.Read(labeled[i * labeled.Length / shown], scale))];
    }

    /// <summary>Writes an epoch.</summary>
    /// <param name="epoch">The last report of the epoch.</param>
    /// <param name="learningRate">Learning rate of the epoch.</param>
    /// <param name="model">In evaluation mode; null where it cannot sample yet.</param>
    public void Write(TrainingProgress epoch, double learningRate, SegmentationModel? model)
    {
        foreach (var (name, loss) in epoch.Losses)
        {
            Scalar($"loss/{name}", loss, epoch.Epoch);
        }

        Scalar("learning_rate", learningRate, epoch.Epoch);
        Scalar("images_per_second", epoch.ImagesPerSecond, epoch.Epoch);
        if (epoch.Validation is { } scores)
        {
            foreach (var figure in Figure.Usual)
            {
                Scalar($"validation/{JsonNamingPolicy.SnakeCaseLower.ConvertName(figure.Name)}", scores[figure].Mean, epoch.Epoch);
            }
        }

        if (model is not null)
        {
            Picture(epoch.Epoch, model);
        }
    }

    private void Scalar(string tag, double value, int step)
    {
        // Diversity needs two samples, a correlation more than one image.
        if (double.IsFinite(value))
        {
            _writer.add_scalar(tag, (float)value, step);
        }
    }

    private void Picture(int step, SegmentationModel model)
    {
        var samples = Math.Min(ShownSamples, model.Options.Samples);
        var sheet = new MaskSheet(samples);
        foreach (var image in _images)
        {
            var planes = model.Classes.Count * image.Shape.PixelCount;
            var (masks, probability) = (new byte[samples * planes], new float[planes]);
            model.SampleImage(image.Pixels.ToFloats(), image.Shape.Size, samples, masks, probability);
            sheet.Add(image, masks, probability, ClassProbabilities.EntropyMap(model.Classes, probability));
        }

        // The writer takes pictures from files.
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.png");
        try
        {
            sheet.Save(path);
            _writer.add_img("samples", path, step);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
