// The lesson as a page: dotnet run -c Release samples/lessons/1-first-steps.cs
#:project ../../src/AmbiSSL.MLNet/AmbiSSL.MLNet.csproj
#:project Lessons/Lessons.csproj
using static Lessons.Lesson;

// %% [markdown]
// # First steps
//
// Experts who outline the same lesion disagree. In this lesson a small model learns from a few images that four of them outlined and many that nobody did; then it
// draws several plausible masks for images that it has not seen.

// %%
using AmbiSSL;
using Microsoft.ML;

var ml = new MLContext(seed: 1);
var seg = ml.AmbiguousSegmentation();
var lesions = new SyntheticLesions(new SyntheticLesionOptions
{
    Images = 80, Height = 32, Width = 32, Radius = 0.16, ImagesPerSubject = 1, Seed = 1,
});
var data = seg.Load(lesions);

// %% [markdown]
// `data` is an ordinary `IDataView`: a row for each image, with the pixels, the outlines of the four annotators, and whose image it is. No patient is needed: the
// lesions are made from a seed. A quarter is kept for the test, and of the rest a quarter keeps its outlines.

// %%
var split = seg.TrainTestSplit(data, testFraction: 0.25);
var train = seg.KeepAnnotations(split.TrainSet, fraction: 0.25);

// %% [markdown]
// The default network has the paper's size and wants a GPU. This one is small, so that a training takes seconds on a CPU.

// %%
var options = new AmbiSSLOptions
{
    Samples = 8,
    Backbone = new UNetBackbone { Filters = [8, 16, 32] },
    PruneFromBlock = 0,
    LatentFilters = [8, 16],
    LatentConvolutionsPerBlock = 1,
    BoundSamples = 4,
    Epochs = 20,
    WarmUpEpochs = 14,
    Training = new TrainingOptions { LearningRate = 2e-3 },
};
var model = ml.Transforms.AmbiSSL(options).Fit(train);
var scored = model.Transform(split.TestSet);

// %% [markdown]
// The trained model is an ordinary transformer. It adds three columns: eight sampled masks, the mean of their probabilities, and its entropy, which says where
// experts would disagree. A sheet shows them. In each row: the image, the outlines of the annotators, six samples, the probability, the uncertainty.

// %%
Show(seg.DrawSheet(scored, images: 4, samples: 6).ToHtml());

// %% [markdown]
// How good is that? GED compares the samples with the outlines as two crowds, 0 is best; Dice compares masks, 1 is best.

// %%
Show(seg.Evaluate(scored).ToString());

// %% [markdown]
// The model goes to a file that any other process loads, and draws the same masks there.

// %%
var path = Path.Combine(Directory.CreateTempSubdirectory("lesson-").FullName, "model.zip");
ml.Model.Save(model, data.Schema, path);
model.Dispose();

var loaded = seg.LoadModel(path);
Show(seg.Evaluate(loaded.Transform(split.TestSet)).ToString());

// %% [markdown]
// Next: [a folder of your own](2-own-folder.html).

// %% [app]
return End(args);
