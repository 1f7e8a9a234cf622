using AmbiSSL.MLNet.Columns;
using AmbiSSL.Torch.Metrics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace AmbiSSL.MLNet.Evaluation;

/// <summary>Scores the inner and outer outlines of a cursor's rows.</summary>
internal sealed class OutlineScores
{
    private readonly VectorValues<byte> _inner;
    private readonly VectorValues<byte> _outer;
    private readonly RowNames _names;
    private readonly List<(string Patient, OutlineCoverage Coverage)> _images = [];

    /// <param name="cursor">Rows with the columns that <see cref="Columns"/> told.</param>
    /// <param name="columns">Names of the columns.</param>
    public OutlineScores(DataViewRowCursor cursor, SegmentationColumns columns)
    {
        _inner = new VectorValues<byte>(cursor.GetGetter<VBuffer<byte>>(cursor.Schema[columns.Inner]));
        _outer = new VectorValues<byte>(cursor.GetGetter<VBuffer<byte>>(cursor.Schema[columns.Outer]));
        _names = new RowNames(cursor);
    }

    /// <summary>Mean over the patients; null where there is none.</summary>
    public OutlineCoverage? Coverage => _images.Count == 0 ? null : new OutlineCoverage(Mean(image => image.Inner), Mean(image => image.Outer));

    /// <summary>The columns that are read; none where the data has no outlines.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column has another type.</exception>
    public static DataViewSchema.Column[] Columns(IHostEnvironment context, DataViewSchema schema, SegmentationColumns columns) =>
        schema.GetColumnOrNull(columns.Inner) is null
            ? []
            :
            [
                ScoredRows.FindOutput(context, schema, columns.Inner, "inner outline", NumberDataViewType.Byte, "H, W"),
                ScoredRows.FindOutput(context, schema, columns.Outer, "outer outline", NumberDataViewType.Byte, "H, W"),
                .. RowNames.Columns(schema),
            ];

    /// <summary>Scores the current row.</summary>
    /// <param name="row">Its position.</param>
    /// <param name="experts">The experts' masks.</param>
    /// <param name="counted">The pixels that none of them ignores.</param>
    public void Add(long row, MaskSet experts, CountedPixels counted) => _images.Add((
        _names.Read(row).Subject,
        OutlineCoverage.Of(counted.Of<byte>(_inner.Read()), counted.Of<byte>(_outer.Read()), counted.Of<byte>(experts.Values))));

    private double Mean(Func<OutlineCoverage, double> part) =>
        _images.GroupBy(image => image.Patient).Average(patient => patient.Average(image => part(image.Coverage)));
}
