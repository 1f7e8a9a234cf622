using AmbiSSL.MLNet.Columns;
using AmbiSSL.MLNet.Interop;
using AmbiSSL.Torch.Metrics;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace AmbiSSL.MLNet.Ensembles;

/// <summary>Computes an ensemble's columns of a row from its models' masks and probabilities.</summary>
internal sealed class SamplePoolMapper : RowMapper
{
    private readonly AmbiguousSegmentationEnsemble _ensemble;
    private readonly SegmentationModel _consensus;
    private readonly MaskLayout _layout;
    private readonly DataViewSchema.Column[] _masks;
    private readonly DataViewSchema.Column[] _probabilities;
    private readonly DataViewSchema.Column[] _unlikeness;

    /// <param name="pool">Whose columns they are.</param>
    /// <param name="schema">Columns of the rows, at their end those that each model added.</param>
    public SamplePoolMapper(SamplePool pool, DataViewSchema schema)
        : base(pool)
    {
        _ensemble = pool.Ensemble;
        _consensus = _ensemble.Models[0].Model.WithConsensusThreshold(_ensemble.Models.Average(model => model.Model.ConsensusThreshold));
        _layout = new MaskLayout(_consensus.Classes);
        _masks = OfModels(_ensemble.Columns.Masks);
        _probabilities = OfModels(_ensemble.Columns.Probability);
        _unlikeness = OfModels(_ensemble.Columns.Unlikeness);

        DataViewSchema.Column[] OfModels(string name) => [.. schema.Where(column => column.Name == name).TakeLast(_ensemble.Models.Count)];
    }

    private MaskClasses Classes => _layout.Classes;

    private int Pixels => _consensus.Shape.PixelCount;

    private int Planes => Classes.Count * Pixels;

    private delegate void Computation<T>(float[][] probabilities, Span<T> result);

    /// <inheritdoc/>
    public override DataViewSchema.DetachedColumn[] GetOutputColumns()
    {
        var (names, format) = (_ensemble.Columns, _ensemble.Models[0].Model.Images);
        var masks = (VectorDataViewType)_masks[0].Type;
        var map = new VectorDataViewType(NumberDataViewType.Single, masks.Dimensions[^2], masks.Dimensions[^1]);
        return
        [
            new(
                names.Masks,
                new VectorDataViewType(NumberDataViewType.Byte, masks.Dimensions.SetItem(0, _ensemble.Samples)),
                ImageFormatAnnotation.Create(format, Classes)),
            new(names.Probability, _probabilities[0].Type, ClassesAnnotation.Create(Classes)),
            new(names.Uncertainty, map),
            new(AmbiguousSegmentationEnsemble.ExpertUncertainty, map),
            new(AmbiguousSegmentationEnsemble.ModelUncertainty, map),
            new(names.Consensus, new VectorDataViewType(NumberDataViewType.Byte, masks.Dimensions.RemoveAt(0)), ClassesAnnotation.Create(Classes)),
            new(names.Unlikeness, NumberDataViewType.Double),
        ];
    }

    /// <inheritdoc/>
    public override Func<int, bool> GetDependencies(Func<int, bool> activeOutput)
    {
        int[] needed =
        [
            .. activeOutput(0) ? _masks.Select(column => column.Index) : [],
            .. Enumerable.Range(1, 5).Any(activeOutput) ? _probabilities.Select(column => column.Index) : [],
            .. activeOutput(6) ? _unlikeness.Select(column => column.Index) : [],
        ];
        return needed.Contains;
    }

    /// <inheritdoc/>
    public override Delegate?[] CreateGetters(DataViewRow input, Func<int, bool> activeOutput)
    {
        Func<Delegate>[] getters =
        [
            () => Masks(Readers<byte>(input, _masks)),
            () => OfProbabilities<float>(input, Planes, (probabilities, result) => Mean(probabilities).CopyTo(result)),
            () => OfProbabilities<float>(input, Pixels, (probabilities, result) => ClassProbabilities.Entropy(Classes, Mean(probabilities), result)),
            () => OfProbabilities<float>(input, Pixels, EntropyWithin),
            () => OfProbabilities<float>(input, Pixels, EntropyBetween),
            () => OfProbabilities<byte>(input, _layout.StoredMaps * Pixels, (probabilities, result) =>
            {
                var mask = new byte[Planes];
                _consensus.Consensus(Mean(probabilities), mask);
                _layout.Write(mask, Pixels, result);
            }),
            () => Unlikeness([.. _unlikeness.Select(input.GetGetter<double>)]),
        ];
        return [.. getters.Select((getter, output) => activeOutput(output) ? getter() : null)];
    }

    private static VectorValues<T>[] Readers<T>(DataViewRow input, DataViewSchema.Column[] columns) =>
        Array.ConvertAll(columns, column => new VectorValues<T>(input.GetGetter<VBuffer<T>>(column)));

    private static float[] Mean(float[][] values)
    {
        var mean = new float[values[0].Length];
        for (var i = 0; i < mean.Length; i++)
        {
            double sum = 0;
            foreach (var own in values)
            {
                sum += own[i];
            }

            mean[i] = (float)(sum / values.Length);
        }

        return mean;
    }

    private void EntropyWithin(float[][] probabilities, Span<float> result) => Mean(Array.ConvertAll(probabilities, Entropy)).CopyTo(result);

    private float[] Entropy(float[] probability) => ClassProbabilities.EntropyMap(Classes, probability);

    // Jensen's inequality holds up to rounding.
    private void EntropyBetween(float[][] probabilities, Span<float> result)
    {
        EntropyWithin(probabilities, result);
        var whole = Entropy(Mean(probabilities));
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = Math.Max(0, whole[i] - result[i]);
        }
    }

    private ValueGetter<VBuffer<T>> OfProbabilities<T>(DataViewRow input, int length, Computation<T> compute)
    {
        var readers = Readers<float>(input, _probabilities);
        return (ref VBuffer<T> value) =>
        {
            var probabilities = Array.ConvertAll(readers, reader => reader.Read());
            var editor = VBufferEditor.Create(ref value, length);
            compute(probabilities, editor.Values);
            value = editor.Commit();
        };
    }

    private static ValueGetter<double> Unlikeness(ValueGetter<double>[] models) => (ref double value) => value = models.Average(model =>
    {
        double own = default;
        model(ref own);
        return own;
    });

    private ValueGetter<VBuffer<byte>> Masks(VectorValues<byte>[] readers) => (ref VBuffer<byte> value) =>
    {
        var masks = Array.ConvertAll(readers, reader => reader.Read());
        var samples = _ensemble.Models[0].Samples;
        var pixels = masks[0].Length / samples;
        var editor = VBufferEditor.Create(ref value, masks.Length * masks[0].Length);
        for (var model = 0; model < masks.Length; model++)
        {
            for (var sample = 0; sample < samples; sample++)
            {
                masks[model].AsSpan(sample * pixels, pixels).CopyTo(editor.Values[(((sample * masks.Length) + model) * pixels)..]);
            }
        }

        value = editor.Commit();
    };
}
