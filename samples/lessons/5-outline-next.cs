// The lesson as a page: dotnet run -c Release samples/lessons/5-outline-next.cs
#:project ../../src/AmbiSSL.MLNet/AmbiSSL.MLNet.csproj
#:project Lessons/Lessons.csproj
using static Lessons.Lesson;

// %% [markdown]
// # Which images to outline next
//
// Outlines cost experts' hours. A model that was trained on a few images can say which of the others it is least sure about. Whether it pays to outline those first
// is another question, and this lesson asks it too.

// %%
using AmbiSSL;
using Microsoft.ML;
using Microsoft.ML.Data;

var ml = new MLContext(seed: 1);
var seg = ml.AmbiguousSegmentation();
var lesions = new SyntheticLesions(new SyntheticLesionOptions
{
    Images = 120, Height = 32, Width = 32, Radius = 0.16, ImagesPerSubject = 1, Seed = 5,
});
var data = seg.Load(lesions);
var split = seg.TrainTestSplit(data, testFraction: 0.4);

// %% [markdown]
// Six images, drawn by chance, are outlined. A small model learns from them alone.

// %%
string[] pool = [.. split.TrainSet.GetColumn<string>("Subject")];
new Random(1).Shuffle(pool);
string[] outlined = pool[..6];

AmbiguousSegmentationTransformer Train(string[] subjects) => seg.Trainers.Supervised(new SupervisedOptions
{
    Samples = 8,
    Backbone = new UNetBackbone { Filters = [8, 16, 32] },
    LatentFilters = [8, 16],
    LatentConvolutionsPerBlock = 1,
    BoundSamples = 4,
    Epochs = 300 / ((subjects.Length + 7) / 8),                     // about 300 steps, however many images there are
    Training = new TrainingOptions { LearningRate = 2e-3 },
}).Fit(seg.FilterSubjects(split.TrainSet, subjects.ToHashSet()));

var model = Train(outlined);
Show(seg.Evaluate(model.Transform(split.TestSet)).ToString());

// %% [markdown]
// ## The ranking
//
// `RankByDisagreement` puts all images without outlines into an order: first those for which the model's own samples lie farthest apart.

// %%
var open = seg.KeepAnnotations(split.TrainSet, outlined.ToHashSet());
var scored = model.Transform(open);
var ranked = seg.RankByDisagreement(scored);
var rows = ranked.Take(5).Concat(ranked.TakeLast(2)).Select(image => $"<tr><td>{image.Id}</td><td>{image.Score:F3}</td></tr>");
Show($"<table><tr><th>image</th><th>score</th></tr>{string.Concat(rows)}</table>");

// %% [markdown]
// The first three and the last three. Nobody has outlined them yet, so that the second column shows the image alone.

// %%
string Sheet(IEnumerable<RankedImage> images)
{
    var subjects = images.Select(image => image.Subject).ToHashSet();
    return seg.DrawSheet(seg.FilterSubjects(scored, subjects), images: 3, samples: 6).ToHtml();
}

Show("<p>To outline first:</p>" + Sheet(ranked.Take(3)));
Show("<p>To outline last:</p>" + Sheet(ranked.TakeLast(3)));

// %% [markdown]
// ## Does it pay?
//
// Ten more outlines: the first ten of the ranking, or ten by chance. The same network learns from either.

// %%
string[] byRank = [.. outlined, .. ranked.Take(10).Select(image => image.Subject)];
string[] byChance = pool[..16];
foreach (var (name, subjects) in new[] { ("by rank", byRank), ("by chance", byChance) })
{
    using var next = Train(subjects);
    Show($"{subjects.Length} outlined {name}: {seg.Evaluate(next.Transform(split.TestSet))}");
}

model.Dispose();

// %% [markdown]
// One seed tells nothing: other first images and other weights move GED by as much. The project's results (docs/results.md) name four rules and the command that
// compares them over seeds.

// %% [app]
return End(args);
