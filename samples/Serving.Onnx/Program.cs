using ServingOnnx;

if (args.Length != 2)
{
    Console.Error.WriteLine("Give a model that 'ambissl export --samples N' wrote, and an image: Serving.Onnx model.onnx scan.png");
    return 2;
}

var masks = OnnxScorer.Score(args[0], args[1]);
var pixels = masks.Probability.Length;
for (var n = 0; n < masks.Masks.Length / pixels; n++)
{
    Console.WriteLine($"mask {n}: {masks.Masks.Skip(n * pixels).Take(pixels).Count(value => value == 1)} of {pixels} pixels");
}

Console.WriteLine($"most doubtful pixel: {masks.Uncertainty.Max():F2} bits");
return 0;
