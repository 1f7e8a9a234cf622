using AmbiSSL.MLNet.Columns;
using AmbiSSL.Torch.Metrics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace AmbiSSL.MLNet.Evaluation;

/// <summary>Scores the inner and outer outlines of a cursor's rows, each class by itself.</summary>
internal sealed class OutlineScores
{
    private readonly VectorValues<byte> _inner;
    private readonly VectorValues<byte> _outer;
    private readonly RowNames _names;
    private readonly List<(string Patient, OutlineCoverage[] OfClasses)> _images = [];

    /// <param name="cursor">Rows with the columns that <see cref="Columns"/> told.</param>
    /// <param name="columns">Names of the columns.</param>
    public OutlineScores(DataViewRowCursor cursor, SegmentationColumns columns)
    {
        _inner = new VectorValues<byte>(cursor.GetGetter<VBuffer<byte>>(cursor.Schema[columns.Inner]));
        _outer = new VectorValues<byte>(cursor.GetGetter<VBuffer<byte>>(cursor.Schema[columns.Outer]));
        _names = new RowNames(cursor);
    }

    /// <summary>Mean over the patients, of each class; empty where there is none.</summary>
    public OutlineCoverage[] Coverage => _images.Count == 0
        ? []
        : [.. _images[0].OfClasses.Select((_, position) => new OutlineCoverage(Mean(position, image => image.Inner), Mean(position, image => image.Outer)))];

    /// <summary>The columns that are read; none where the data has no outlines.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column has another type.</exception>
    public static DataViewSchema.Column[] Columns(IHostEnvironment context, DataViewSchema schema, SegmentationColumns columns)
    {
        if (schema.GetColumnOrNull(columns.Inner) is null)
        {
            return [];
        }

        var layout = MaskLayout.Of(ScoredRows.FindMasks(context, schema, columns));
        return
        [
            ScoredRows.FindOutput(context, schema, columns.Inner, "inner outline", NumberDataViewType.Byte, layout.PlaneDimensions),
            ScoredRows.FindOutput(context, schema, columns.Outer, "outer outline", NumberDataViewType.Byte, layout.PlaneDimensions),
            .. RowNames.Columns(schema),
        ];
    }

    /// <summary>Scores the current row.</summary>
    /// <param name="row">Its position.</param>
    /// <param name="experts">The experts' masks.</param>
    /// <param name="counted">The pixels that none of them ignores.</param>
    public void Add(long row, MaskSet experts, CountedPixels counted)
    {
        var (inner, outer, pixels) = (_inner.Read(), _outer.Read(), experts.Size.PixelCount);
        _images.Add((_names.Read(row).Subject, [.. Enumerable.Range(0, experts.Classes.Count).Select(OfClass)]));

        OutlineCoverage OfClass(int position) => OutlineCoverage.Of(
            counted.Of<byte>(inner.AsSpan(position * pixels, pixels)),
            counted.Of<byte>(outer.AsSpan(position * pixels, pixels)),
            counted.Of<byte>(experts.OfClass(position).Values));
    }

    private double Mean(int position, Func<OutlineCoverage, double> part) =>
        _images.GroupBy(image => image.Patient).Average(patient => patient.Average(image => part(image.OfClasses[position])));
}
