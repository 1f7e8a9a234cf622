using AmbiSSL.MLNet.Columns;
using AmbiSSL.MLNet.Interop;
using AmbiSSL.Torch.Answers;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace AmbiSSL.MLNet.Evaluation;

/// <summary>Measures the masks of scored rows.</summary>
internal sealed class MeasurementMapper : RowMapper
{
    private static readonly VectorDataViewType IntervalType = new(NumberDataViewType.Double, 3);

    private readonly DataViewSchema.Column _masks;
    private readonly DataViewSchema.Column _probability;
    private readonly DataViewSchema.Column _uncertainty;
    private readonly DataViewSchema.Column? _sizes;
    private readonly DataViewSchema.Column? _spacing;
    private readonly MaskLayout _layout;
    private readonly ImageSize _size;
    private readonly List<Output> _outputs;

    /// <param name="context">Marks the errors.</param>
    /// <param name="owner">Whose columns they are.</param>
    /// <param name="schema">Columns of the rows.</param>
    /// <param name="columns">Their names.</param>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type.</exception>
    public MeasurementMapper(IHostEnvironment context, ITransformer owner, DataViewSchema schema, SegmentationColumns columns)
        : base(owner)
    {
        _masks = ScoredRows.FindMasks(context, schema, columns);
        _layout = MaskLayout.Of(_masks);
        _probability = ScoredRows.FindOutput(context, schema, columns.Probability, "probability", NumberDataViewType.Single, _layout.PlaneDimensions);
        _uncertainty = ScoredRows.FindOutput(context, schema, columns.Uncertainty, "uncertainty", NumberDataViewType.Single, "H, W");
        var dimensions = ((VectorDataViewType)_masks.Type).Dimensions;
        _size = new ImageSize(dimensions[^2], dimensions[^1]);
        _sizes = SizeColumn.OfMasks(context, schema, columns, _masks, nameof(schema));
        _outputs =
        [
            .. Sizes(MaskMeasurements.AreaPixels, mask => mask.Area),
            .. Sizes(MaskMeasurements.DiameterPixels, mask => mask.LongestDiameter),
            Uncertainty(MaskMeasurements.UncertaintyMean, scores => scores.Mean),
            Uncertainty(MaskMeasurements.UncertaintyPatchMaximum, scores => scores.PatchMaximum),
            Uncertainty(MaskMeasurements.UncertaintyPerForegroundPixel, scores => scores.PerForegroundPixel),
        ];
        _spacing = SpacingColumn.Find(context, schema, columns.Spacing, nameof(schema));
        if (_spacing is not null)
        {
            _outputs.AddRange(Sizes(MaskMeasurements.AreaMm2, mask => mask.Area, inMillimeters: true));
            _outputs.AddRange(Sizes(MaskMeasurements.DiameterMm, mask => mask.LongestDiameter, inMillimeters: true));
        }
    }

    /// <inheritdoc/>
    public override DataViewSchema.DetachedColumn[] GetOutputColumns() => [.. _outputs.Select(output => output.Column)];

    /// <inheritdoc/>
    public override Func<int, bool> GetDependencies(Func<int, bool> activeOutput)
    {
        int[] needed = [.. _outputs.Where((_, i) => activeOutput(i)).SelectMany(output => output.Needed).Select(column => column.Index)];
        return needed.Contains;
    }

    /// <inheritdoc/>
    public override Delegate?[] CreateGetters(DataViewRow input, Func<int, bool> activeOutput)
    {
        var masks = new Lazy<PerRow<MaskMeter[][]>>(() => MeasureMasks(input));
        var measured = new Measured(
            new(() => SizesOf(masks.Value, input, spacing: null)), new(() => SizesOf(masks.Value, input, _spacing)), new(() => MeasureUncertainty(input)));
        return [.. _outputs.Select((output, i) => activeOutput(i) ? output.Getter(measured) : null)];
    }

    /// <summary>A column for each class.</summary>
    private IEnumerable<Output> Sizes(string name, Func<MaskSizes, double> quantity, bool inMillimeters = false) =>
        MaskMeasurements.OfEach(name, _layout.Classes).Select((own, position) => Sizes(own, position, quantity, inMillimeters));

    private Output Sizes(string name, int position, Func<MaskSizes, double> quantity, bool inMillimeters) => new(
        new DataViewSchema.DetachedColumn(name, IntervalType, IntervalNames()),
        Needed(_masks, _sizes, inMillimeters ? _spacing : null),
        measured =>
        {
            var sizes = (inMillimeters ? measured.InMillimeters : measured.InPixels).Value;
            return (ValueGetter<VBuffer<double>>)((ref VBuffer<double> value) =>
            {
                var interval = sizes.Value is { } ofClasses
                    ? SampleInterval.Of(ofClasses[position].Select(quantity))
                    : new SampleInterval(double.NaN, double.NaN, double.NaN);
                var editor = VBufferEditor.Create(ref value, IntervalType.Size);
                (editor.Values[0], editor.Values[1], editor.Values[2]) = (interval.Median, interval.Low, interval.High);
                value = editor.Commit();
            });
        });

    private Output Uncertainty(string name, Func<UncertaintyScores, double> part) => new(
        new DataViewSchema.DetachedColumn(name, NumberDataViewType.Double),
        Needed(_uncertainty, _probability, _sizes),
        measured =>
        {
            var scores = measured.Uncertainty.Value;
            return (ValueGetter<double>)((ref double value) => value = part(scores.Value));
        });

    /// <summary>What each sample's mask of each class measures, [K][N].</summary>
    private PerRow<MaskMeter[][]> MeasureMasks(DataViewRow row)
    {
        var (masks, size) = (Values<byte>(row, _masks), Size(row));
        return new(row, () =>
        {
            var own = size();
            var (planes, classes) = (_layout.Planes(masks.Read(), own.PixelCount), _layout.Classes.Count);
            MaskMeter Of(int sample, int position) => MaskMeter.Of(planes.AsSpan(((sample * classes) + position) * own.PixelCount, own.PixelCount), own);
            var samples = Enumerable.Range(0, planes.Length / own.PixelCount / classes);
            return [.. Enumerable.Range(0, classes).Select(position => samples.Select(sample => Of(sample, position)).ToArray())];
        });
    }

    /// <summary>The sizes of masks, [K][N]; null where the spacing of a row's pixels is not known.</summary>
    private static PerRow<MaskSizes[][]?> SizesOf(PerRow<MaskMeter[][]> masks, DataViewRow row, DataViewSchema.Column? spacing)
    {
        var distances = spacing is { } column ? Values<double>(row, column) : null;
        return new(row, () =>
        {
            PixelSpacing? known = distances?.Read() is [var down, var right] ? new PixelSpacing(down, right) : null;
            return known is { Row: double.NaN } or { Column: double.NaN }
                ? null
                : Array.ConvertAll(masks.Value, ofClass => Array.ConvertAll(ofClass, mask => mask.Sizes(known)));
        });
    }

    private PerRow<UncertaintyScores> MeasureUncertainty(DataViewRow row)
    {
        var (uncertainty, probability, size) = (Values<float>(row, _uncertainty), Values<float>(row, _probability), Size(row));
        return new(row, () => UncertaintyScores.Of(uncertainty.Read(), probability.Read(), size(), _layout.Classes));
    }

    private Func<ImageSize> Size(DataViewRow row) => _sizes is { } column ? SizeColumn.Getter(row, column) : () => _size;

    private static VectorValues<T> Values<T>(DataViewRow row, DataViewSchema.Column column) => new(row.GetGetter<VBuffer<T>>(column));

    private static DataViewSchema.Column[] Needed(params DataViewSchema.Column?[] columns) => [.. columns.OfType<DataViewSchema.Column>()];

    /// <summary>The slot names of an interval.</summary>
    public static DataViewSchema.Annotations IntervalNames()
    {
        var builder = new DataViewSchema.Annotations.Builder();
        ReadOnlyMemory<char>[] names = [.. ((string[])["Median", "Low", "High"]).Select(name => name.AsMemory())];
        builder.Add(
            "SlotNames",
            new VectorDataViewType(TextDataViewType.Instance, names.Length),
            (ref VBuffer<ReadOnlyMemory<char>> value) => value = new VBuffer<ReadOnlyMemory<char>>(names.Length, names));
        return builder.ToAnnotations();
    }

    /// <summary>A column.</summary>
    /// <param name="Column">Its name and type.</param>
    /// <param name="Needed">The columns that it is computed from.</param>
    /// <param name="Getter">Makes its getter for rows.</param>
    private sealed record Output(DataViewSchema.DetachedColumn Column, DataViewSchema.Column[] Needed, Func<Measured, Delegate> Getter);

    /// <summary>What is measured of rows, whichever columns tell of it; a part that no column asks for reads nothing.</summary>
    private sealed record Measured(
        Lazy<PerRow<MaskSizes[][]?>> InPixels, Lazy<PerRow<MaskSizes[][]?>> InMillimeters, Lazy<PerRow<UncertaintyScores>> Uncertainty);

    /// <summary>What is measured once of each row.</summary>
    private sealed class PerRow<T>(DataViewRow row, Func<T> measure)
    {
        private long _position = -1;
        private T? _value;

        public T Value
        {
            get
            {
                if (_position != row.Position)
                {
                    (_value, _position) = (measure(), row.Position);
                }

                return _value!;
            }
        }
    }
}
