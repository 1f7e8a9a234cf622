// The lesson as a page: dotnet run -c Release samples/lessons/4-samples-and-calibration.cs
#:project ../../src/AmbiSSL.MLNet/AmbiSSL.MLNet.csproj
#:project Lessons/Lessons.csproj
#:package OxyPlot.Core
using static Lessons.Lesson;

// %% [markdown]
// # What N and calibration mean
//
// A model answers with N masks, their mean probability and its uncertainty. How many masks should one ask for, and can the probability be believed? On synthetic
// lesions the truth is known, so that both questions have an answer.

// %%
using AmbiSSL;
using Microsoft.ML;
using Microsoft.ML.Data;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;

var ml = new MLContext(seed: 1);
var seg = ml.AmbiguousSegmentation();
var lesions = new SyntheticLesions(new SyntheticLesionOptions
{
    Images = 90, Height = 32, Width = 32, Radius = 0.16, ImagesPerSubject = 1, Seed = 4,
});
var split = seg.TrainTestSplit(seg.Load(lesions), testFraction: 0.4);
var options = new SupervisedOptions
{
    Samples = 32,
    Backbone = new UNetBackbone { Filters = [8, 16, 32] },
    LatentFilters = [8, 16],
    LatentConvolutionsPerBlock = 1,
    BoundSamples = 4,
    Epochs = 50,
    Training = new TrainingOptions { LearningRate = 2e-3 },
};
var model = seg.Trainers.Supervised(options).Fit(split.TrainSet);
var scored = model.Transform(split.TestSet);
Show(seg.DrawSheet(scored, images: 3, samples: 6).ToHtml());

// %% [markdown]
// ## N
//
// N is no matter of training: the same model draws as many masks as it is asked for. GED falls as N grows. So it does for a perfect model, here the process by which
// the annotators' outlines were made: GED measures the scatter of few samples, too. Compare models at the same N alone, and say which.

// %%
int[] numbers = [1, 2, 4, 8, 16, 32, 64];
var positions = lesions.Records.Index().ToDictionary(record => record.Item.Id, record => record.Index);
int[] tested = [.. split.TestSet.GetColumn<string>("Id").Select(id => positions[id])];

double PerfectGed(int samples) => tested.Average(image =>
{
    var drawn = lesions.DrawAnnotations(image, samples, seed: 99);
    var (probability, experts) = (lesions.TrueProbability(image), lesions.Read(image).Annotations.Values);
    return ImageScores.Compute(drawn, probability, experts, lesions.Shape.Height, lesions.Shape.Width)[Figure.Ged];
});

string Table(string head, IEnumerable<string> rows) =>
    $"<table><tr><th>{head.Replace("|", "</th><th>")}</th></tr>"
    + string.Concat(rows.Select(row => $"<tr><td>{row.Replace("|", "</td><td>")}</td></tr>")) + "</table>";

var figures = numbers.Select(samples =>
{
    var metrics = seg.Evaluate(model.WithSamples(samples).Transform(split.TestSet));
    return (Samples: samples, Ged: metrics.Ged, Perfect: PerfectGed(samples), Match: metrics.DiceMatch);
}).ToList();
Show(Table(
    "N|GED of the model|of a perfect one|Dice match",
    figures.Select(row => $"{row.Samples}|{row.Ged:F3}|{row.Perfect:F3}|{row.Match:F3}")));

// %%
string Chart(PlotModel chart)
{
    (chart.Background, chart.DefaultFont) = (OxyColors.White, "Arial");
    chart.Legends.Add(new Legend { LegendPlacement = LegendPlacement.Outside, LegendPadding = 30 });
    var svg = new SvgExporter { Width = 680, Height = 340 }.ExportToString(chart);
    var bytes = System.Text.Encoding.UTF8.GetBytes(svg);
    return $"<img alt=\"{chart.Title}\" src=\"data:image/svg+xml;base64,{Convert.ToBase64String(bytes)}\">";
}

LineSeries Line(string title, IEnumerable<DataPoint> points) =>
    new() { Title = title, MarkerType = MarkerType.Circle, MarkerSize = 4, ItemsSource = points.ToList() };

var byNumber = new PlotModel { Title = "GED over the number of samples" };
byNumber.Axes.Add(new LogarithmicAxis { Position = AxisPosition.Bottom, Base = 2, Title = "N" });
byNumber.Axes.Add(new LinearAxis { Position = AxisPosition.Left, Minimum = 0 });
byNumber.Series.Add(Line("model", figures.Select(row => new DataPoint(row.Samples, row.Ged))));
byNumber.Series.Add(Line("perfect model", figures.Select(row => new DataPoint(row.Samples, row.Perfect))));
Show(Chart(byNumber));

// %% [markdown]
// Dice match gives a sample to each of the four annotators, so that it is low below four samples whatever the model.
//
// ## Calibration
//
// Where the model says 0.7, do seven of ten annotators draw? Pixels of the test images are put into ten bins by the probability that the model gives, and for each
// bin the true probability is averaged. A calibrated model lies on the diagonal; above it the model is too timid, below it too bold.

// %%
float[][] predicted = [.. scored.GetColumn<VBuffer<float>>("Probability").Select(values => values.DenseValues().ToArray())];
float[][] truth = [.. tested.Select(image => lesions.TrueProbability(image))];
var bins = predicted.SelectMany(pixels => pixels).Zip(truth.SelectMany(pixels => pixels))
    .GroupBy(pixel => Math.Min((int)(pixel.First * 10), 9))
    .OrderBy(bin => bin.Key)
    .Select(bin => (Predicted: bin.Average(pixel => pixel.First), True: bin.Average(pixel => pixel.Second), Pixels: bin.Count()))
    .ToList();
var reliability = new PlotModel { Title = "True probability over predicted" };
reliability.Axes.Add(new LinearAxis { Position = AxisPosition.Bottom, Minimum = 0, Maximum = 1, Title = "predicted" });
reliability.Axes.Add(new LinearAxis { Position = AxisPosition.Left, Minimum = 0, Maximum = 1, Title = "true" });
reliability.Series.Add(new LineSeries { Title = "calibrated", Points = { new DataPoint(0, 0), new DataPoint(1, 1) } });
reliability.Series.Add(Line("model", bins.Select(bin => new DataPoint(bin.Predicted, bin.True))));
Show(Chart(reliability));
Show(Table("predicted|true|pixels", bins.Select(bin => $"{bin.Predicted:F2}|{bin.True:F2}|{bin.Pixels}")));

// %% [markdown]
// On images of yours the truth is unknown, and the share of experts who drew a pixel stands for it. `Figure.ExpectedCalibrationError` is the mean distance from
// the diagonal, `Figure.Brier` the squared error of each pixel:

// %%
var all = seg.Evaluate(scored);
Figure[] shown = [Figure.ExpectedCalibrationError, Figure.Brier, Figure.DisagreementCorrelation];
Show(string.Join("\n", shown.Select(figure => $"{figure.Title}: {all[figure].Mean:F3}")));
model.Dispose();

// %% [markdown]
// The last of them says whether the samples lie apart on those images on which the experts disagree.
//
// Next: [which images to outline next](5-outline-next.html).

// %% [app]
return End(args);
