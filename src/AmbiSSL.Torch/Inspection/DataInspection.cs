using System.Runtime.ExceptionServices;
using AmbiSSL.Torch.Imaging;

namespace AmbiSSL.Torch.Inspection;

/// <summary>Looks at every image of a data set once, and at the most suspicious ones again.</summary>
internal static class DataInspection
{
    private const int MostSuspects = 10;

    /// <summary>The report.</summary>
    /// <param name="source">The data set.</param>
    /// <param name="window">What the training will see the images through; null for no window.</param>
    /// <param name="threads">Images that are read at a time.</param>
    /// <param name="afterImage">Called after each image, by one thread at a time.</param>
    /// <param name="cancellation">Ends it between two images.</param>
    /// <exception cref="ArgumentException">The window is no window.</exception>
    public static DataReport Run(ImageSource source, IntensityWindow? window, int threads, Action? afterImage, CancellationToken cancellation)
    {
        window?.Validate();
        var images = Look(source, threads, afterImage, cancellation);
        var readers = Readers(images);
        var classes = Classes(images, source.Classes);
        Finding[] findings =
        [
            .. DataSetFindings.Of(images, source.LeftOut, source.Format.Preprocessing, source.Classes)
                .Concat(DuplicateFindings.Of(images))
                .Concat(IntensityFindings.Of(images, window))
                .Concat(MaskFindings.Of(images, readers, classes))
                .OrderByDescending(finding => finding.Harm),
        ];
        return new DataReport(images, source.LeftOut, readers, classes, findings, Suspects(source, images, findings), window);
    }

    private static ImageFacts[] Look(ImageSource source, int threads, Action? afterImage, CancellationToken cancellation)
    {
        var counting = new object();
        try
        {
            return
            [
                .. Enumerable.Range(0, source.Count).AsParallel().AsOrdered().WithDegreeOfParallelism(threads).WithCancellation(cancellation)
                    .Select(position =>
                    {
                        var facts = Look(source, position);
                        lock (counting)
                        {
                            afterImage?.Invoke();
                        }

                        return facts;
                    }),
            ];
        }
        catch (AggregateException exception)
        {
            ExceptionDispatchInfo.Throw(exception.InnerExceptions[0]);
            throw;
        }
    }

    private static ImageFacts Look(ImageSource source, int position)
    {
        var record = source.Records[position];
        (ImageShape Shape, PixelType Type)? stored = null;
        try
        {
            stored = source.Stored(position);
            return source.Format.Shape.Includes(source.Format.Preprocessing.Fit(record.ImagePath ?? record.Id, stored.Value.Shape))
                && stored.Value.Type == source.Format.Source
                ? ImageMeasure.Of(position, record, stored.Value, source.Read(position), source.OutlinesBeyond(position))
                : new ImageFacts { Position = position, Record = record, Stored = stored };
        }
        catch (Exception exception) when (exception is InvalidDataException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            return new ImageFacts { Position = position, Record = record, Stored = stored, Fault = exception.Message };
        }
    }

    private static ReaderStatistics[] Readers(ImageFacts[] images)
    {
        var masks = images.SelectMany(image => image.Masks).ToLookup(mask => mask.Reader, StringComparer.Ordinal);
        return [.. ReaderNames.Order(masks.Select(reader => reader.Key)).Select(name => Statistics(name, [.. masks[name]]))];
    }

    private static ReaderStatistics Statistics(string name, MaskFacts[] masks)
    {
        int[] areas = [.. masks.Select(mask => mask.Area).Where(area => area > 0).Order()];
        double[] agreement = [.. masks.Select(mask => mask.Agreement).Where(double.IsFinite)];
        return new ReaderStatistics(
            name,
            masks.Length,
            masks.Length - areas.Length,
            Median(areas),
            areas.FirstOrDefault(),
            areas.LastOrDefault(),
            agreement.DefaultIfEmpty(double.NaN).Average());
    }

    private static ClassStatistics[] Classes(ImageFacts[] images, MaskClasses classes) => [.. classes.Names.Select((name, number) =>
    {
        var masks = images.SelectMany(image => image.Masks.Select(mask => mask.Classes[number])).ToArray();
        var areas = masks.Select(mask => mask.Area).Where(area => area > 0).ToArray();
        return new ClassStatistics(
            name,
            masks.Length,
            masks.Length - areas.Length,
            Median(areas),
            areas.Sum(area => (double)area) / Math.Max(1, images.Sum(image => (double)image.PixelCount * image.Masks.Count)),
            images.Where(image => image.Masks.Count > 1).Select(image => image.Masks.Average(mask => mask.Classes[number].Agreement))
                .DefaultIfEmpty(double.NaN).Average());
    })];

    private static double Median(int[] values)
    {
        Array.Sort(values);
        return values.Length == 0 ? double.NaN : (values[(values.Length - 1) / 2] + values[values.Length / 2]) / 2.0;
    }

    /// <summary>First the images that findings are about, the more harmful the sooner, then those of each subject whose readers agree least.</summary>
    private static SuspectImage[] Suspects(ImageSource source, ImageFacts[] images, Finding[] findings)
    {
        var reasons = new Dictionary<string, Finding>(StringComparer.Ordinal);
        foreach (var finding in findings.Where(finding => finding.Harm != FindingHarm.Note))
        {
            foreach (var id in finding.Images)
            {
                reasons.TryAdd(id, finding);
            }
        }

        var byDisagreement = images.Where(image => image.IsRead).OrderBy(image => double.IsNaN(image.Agreement) ? 1 : image.Agreement).ToArray();
        ImageFacts[] suspects =
        [
            .. byDisagreement.Where(image => reasons.ContainsKey(image.Id)).OrderByDescending(image => reasons[image.Id].Harm)
                .Concat(byDisagreement.Where(image => image.Agreement < 1).DistinctBy(image => image.Record.Subject))
                .DistinctBy(image => image.Position)
                .Take(MostSuspects),
        ];

        // In the order of the data set, which a data view reads in one pass.
        var read = suspects.Select(image => image.Position).Order().ToDictionary(position => position, source.Read);
        return
        [
            .. suspects.Select(image => new SuspectImage(
                read[image.Position],
                reasons.GetValueOrDefault(image.Id)?.Problem ?? FormattableString.Invariant($"Its readers agree by {image.Agreement:F2}"))),
        ];
    }
}
