// Usage: draw FOLDER | train MODEL | sample MODEL. The first writes synthetic lesions. The others print a hash of the masks and probabilities that the
// model gives for images that it was not trained on.
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using AmbiSSL;
using Microsoft.ML;
using Microsoft.ML.Data;

var ml = new MLContext(seed: 1);
var segmentation = ml.AmbiguousSegmentation();
var lesions = new SyntheticLesions(new SyntheticLesionOptions { Images = 16, Height = 32, Width = 32 });
var split = segmentation.TrainTestSplit(segmentation.Load(lesions), testFraction: 0.25);

if (args[0] == "draw")
{
    ImageFolder.Save(lesions, args[1]);
}
else if (args[0] == "train")
{
    var options = new AmbiSSLOptions { Epochs = 2, Backbone = new UNetBackbone { Filters = [8, 16] }, LatentFilters = [8, 16], Samples = 4 };
    using var trained = ml.Transforms.AmbiSSL(options).Fit(segmentation.KeepAnnotations(split.TrainSet, 0.5));
    ml.Model.Save(trained, split.TrainSet.Schema, args[1]);
    Print(trained);
}
else
{
    Print(ml.Model.Load(args[1], out _));
}

void Print(ITransformer model)
{
    using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    var scored = model.Transform(split.TestSet);
    foreach (var masks in scored.GetColumn<byte[]>("Masks"))
    {
        hash.AppendData(masks);
    }

    foreach (var probability in scored.GetColumn<float[]>("Probability"))
    {
        hash.AppendData(MemoryMarshal.AsBytes(probability.AsSpan()));
    }

    Console.WriteLine(Convert.ToHexString(hash.GetHashAndReset()));
}
