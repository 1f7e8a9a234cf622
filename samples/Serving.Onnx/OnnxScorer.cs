using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.Transforms.Image;

namespace ServingOnnx;

/// <summary>Scores an image with an exported model in a pipeline of ML.NET's own transforms.</summary>
public static class OnnxScorer
{
    /// <summary>Draws the masks of an image of 8 bits in its own size.</summary>
    /// <param name="model">An ONNX file with noise in it.</param>
    /// <param name="image">A PNG or JPEG file.</param>
    public static ScoredImage Score(string model, string image)
    {
        using var picture = MLImage.CreateFromFile(image);
        var (channels, masks) = Sizes(model);
        var ml = new MLContext();
        var rows = ml.Data.LoadFromEnumerable([new ImageFileRow(Path.GetFullPath(image))]);
        var colors = channels == 1 ? ImagePixelExtractingEstimator.ColorBits.Red : ImagePixelExtractingEstimator.ColorBits.Rgb;

        // ApplyOnnxModel takes vectors of known size alone, so the sizes that the file leaves open are said here.
        var shapes = new Dictionary<string, int[]>
        {
            ["image"] = [1, channels, picture.Height, picture.Width],
            ["masks"] = [1, masks, picture.Height, picture.Width],
            ["probability"] = [1, picture.Height, picture.Width],
            ["uncertainty"] = [1, picture.Height, picture.Width],
        };
        var pipeline = ml.Transforms.LoadImages("picture", imageFolder: "", inputColumnName: nameof(ImageFileRow.Path))
            .Append(ml.Transforms.ResizeImages("picture", picture.Width, picture.Height))
            .Append(ml.Transforms.ExtractPixels("image", "picture", colors))
            .Append(ml.Transforms.ApplyOnnxModel(["masks", "probability", "uncertainty"], ["image"], model, shapes, recursionLimit: 100));
        return ml.Data.CreateEnumerable<ScoredImage>(pipeline.Fit(rows).Transform(rows), reuseRowObject: false).Single();
    }

    private static (int Channels, int Masks) Sizes(string model)
    {
        using var session = new InferenceSession(model);
        return (session.InputMetadata["image"].Dimensions[1], session.OutputMetadata["masks"].Dimensions[1]);
    }
}
