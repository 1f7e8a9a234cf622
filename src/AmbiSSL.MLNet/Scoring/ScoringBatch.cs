using AmbiSSL.MLNet.Columns;
using AmbiSSL.Torch.Metrics;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace AmbiSSL.MLNet.Scoring;

/// <summary>
/// A few images and, once one of them is asked for, the masks of all, sampled ones and annotators' apart: managed memory only, used again
/// for the next batch.
/// </summary>
/// <param name="transformer">Whose model draws, and how.</param>
/// <param name="capacity">Most images in a batch.</param>
/// <param name="schema">Tells the columns apart.</param>
/// <param name="active">Which columns of the output are asked for.</param>
internal sealed class ScoringBatch(AmbiguousSegmentationTransformer transformer, int capacity, ScoringSchema schema, bool[] active)
{
    /// <summary>Draws maps from a probability [K, H, W].</summary>
    private delegate void Drawing(ReadOnlySpan<float> probability, Span<byte> maps);

    private readonly SharedModel _model = transformer.SharedModel;
    private readonly int _samples = transformer.Samples;
    private readonly bool _hasUncertainty = active[schema.Uncertainty];

    // Where samples are drawn too, one encoding does for both.
    private readonly bool _drawsUnlikeness = active[schema.Unlikeness] && schema.IsAnyDrawn(active) && !transformer.SharedModel.HasWindows;
    private readonly MaskLayout _layout = new(transformer.SharedModel.Classes);
    private float[] _images = new float[transformer.SharedModel.HasWindows ? 0 : capacity * transformer.Shape.Length];
    private ImageShape _shape = transformer.Shape;
    private byte[] _masks = [];
    private float[] _probability = [];
    private float[] _uncertainty = [];
    private double[] _unlikeness = [];
    private byte[] _annotatorMasks = [];
    private int _count;
    private bool _isComputed;
    private bool _hasAnnotatorMasks;

    private int Pixels => _shape.PixelCount;

    private int Planes => _layout.Classes.Count * Pixels;

    /// <summary>Forgets the images and their masks.</summary>
    public void Clear()
    {
        _count = 0;
        _isComputed = false;
        _hasAnnotatorMasks = false;
    }

    /// <summary>Room [C, H, W] for one more image: of the model's size, or where it sees images through windows for the only one.</summary>
    /// <exception cref="InvalidOperationException">Its masks would take more memory than they may.</exception>
    public Span<float> Add(ImageShape shape)
    {
        if (_model.HasWindows && shape != _shape)
        {
            RequireRoom(shape);
            (_shape, _images, _masks, _annotatorMasks) = (shape, [], [], []);
        }

        if (_images.Length == 0)
        {
            _images = new float[_shape.Length];
        }

        return _images.AsSpan(_count++ * _shape.Length, _shape.Length);
    }

    /// <summary>Makes the getter of a computed column.</summary>
    /// <param name="column">Position of the column in the output.</param>
    /// <param name="currentSlot">Tells which image of the batch the current row's is, or throws when there is no current row.</param>
    public Delegate CreateGetter(int column, Func<int> currentSlot)
    {
        if (column == schema.Masks)
        {
            return MasksGetter(_samples, currentSlot, Compute, () => _masks);
        }

        if (column == schema.AnnotatorMasks)
        {
            return MasksGetter(_model.KnownAnnotators, currentSlot, ComputeAnnotators, () => _annotatorMasks);
        }

        if (column == schema.MasksSize)
        {
            return (ValueGetter<VBuffer<int>>)((ref VBuffer<int> value) =>
            {
                currentSlot();
                var editor = VBufferEditor.Create(ref value, 2);
                (editor.Values[0], editor.Values[1]) = (_shape.Height, _shape.Width);
                value = editor.Commit();
            });
        }

        if (column == schema.Consensus)
        {
            return DrawnGetter(currentSlot, _layout.StoredMaps, (probability, stored) =>
            {
                var mask = new byte[Planes];
                _model.Model.Consensus(probability, mask, _shape.Size);
                _layout.Write(mask, Pixels, stored);
            });
        }

        if (column == schema.Inner)
        {
            return DrawnGetter(currentSlot, _layout.Classes.Count, _model.Outlines!.DrawInner);
        }

        if (column == schema.Outer)
        {
            return DrawnGetter(currentSlot, _layout.Classes.Count, _model.Outlines!.DrawOuter);
        }

        if (column == schema.Unlikeness)
        {
            return UnlikenessGetter(currentSlot);
        }

        return column == schema.Uncertainty
            ? MapGetter(currentSlot, () => _uncertainty, () => Pixels)
            : MapGetter(currentSlot, () => _probability, () => Planes);
    }

    private ValueGetter<double> UnlikenessGetter(Func<int> currentSlot) => (ref double value) =>
    {
        var slot = currentSlot();
        if (!_drawsUnlikeness)
        {
            value = _model.Unlikeness(transformer.Host, _images.AsSpan(slot * _shape.Length, _shape.Length));
            return;
        }

        Compute();
        value = _unlikeness[slot];
    };

    private ValueGetter<VBuffer<float>> MapGetter(Func<int> currentSlot, Func<float[]> maps, Func<int> values) => (ref VBuffer<float> value) =>
    {
        var slot = currentSlot();
        Compute();
        var length = values();
        var editor = VBufferEditor.Create(ref value, length);
        maps().AsSpan(slot * length, length).CopyTo(editor.Values);
        value = editor.Commit();
    };

    private void RequireRoom(ImageShape shape)
    {
        if (!transformer.FitsRow(shape.Size))
        {
            throw transformer.Host.Process(new InvalidOperationException(
                $"Column '{transformer.Columns.Image}': an image of {shape.Size} pixels with {_samples} samples takes "
                + $"{transformer.RowBytes(shape.Size)} bytes of masks in a row, more than SegmentationColumns.MaximumRowBytes, "
                + $"{transformer.Columns.MaximumRowBytes}, allows; raise that, ask for fewer samples with WithSamples, or write the masks to files with "
                + "SegmentationModel.SampleToFiles, as ambissl predict does."));
        }
    }

    private ValueGetter<VBuffer<byte>> MasksGetter(int sets, Func<int> currentSlot, Action compute, Func<byte[]> masks) =>
        (ref VBuffer<byte> value) =>
        {
            var slot = currentSlot();
            compute();
            var editor = VBufferEditor.Create(ref value, sets * _layout.StoredMaps * Pixels);
            _layout.Write(masks().AsSpan(slot * sets * Planes, sets * Planes), Pixels, editor.Values);
            value = editor.Commit();
        };

    /// <summary>Getter of maps that follow from the probability.</summary>
    private ValueGetter<VBuffer<byte>> DrawnGetter(Func<int> currentSlot, int maps, Drawing draw) =>
        (ref VBuffer<byte> value) =>
        {
            var slot = currentSlot();
            Compute();
            var editor = VBufferEditor.Create(ref value, maps * Pixels);
            draw(_probability.AsSpan(slot * Planes, Planes), editor.Values);
            value = editor.Commit();
        };

    private void Compute()
    {
        if (_isComputed)
        {
            return;
        }

        if (_masks.Length == 0)
        {
            _masks = new byte[capacity * _samples * Planes];
            _probability = new float[capacity * Planes];
            _uncertainty = new float[_hasUncertainty ? capacity * Pixels : 0];
            _unlikeness = new double[_drawsUnlikeness ? capacity : 0];
        }

        if (_model.HasWindows)
        {
            _model.SampleImage(transformer.Host, _images, _shape.Size, _samples, _masks, _probability);
            if (_hasUncertainty)
            {
                ClassProbabilities.Entropy(_layout.Classes, _probability, _uncertainty);
            }

            _isComputed = true;
            return;
        }

        _model.SampleMasks(
            transformer.Host,
            _images.AsSpan(0, _count * _model.Shape.Length),
            _samples,
            _masks.AsSpan(0, _count * _samples * Planes),
            _probability.AsSpan(0, _count * Planes),
            _uncertainty.AsSpan(0, _hasUncertainty ? _count * Pixels : 0),
            _unlikeness.AsSpan(0, _drawsUnlikeness ? _count : 0),
            transformer.ImagesPerForward);
        _isComputed = true;
    }

    private void ComputeAnnotators()
    {
        if (_hasAnnotatorMasks)
        {
            return;
        }

        var length = _model.KnownAnnotators * Planes;
        if (_annotatorMasks.Length == 0)
        {
            _annotatorMasks = new byte[capacity * length];
        }

        if (_model.HasWindows)
        {
            _model.AnnotatorMasksOfImage(transformer.Host, _images, _shape.Size, _annotatorMasks);
            _hasAnnotatorMasks = true;
            return;
        }

        _model.AnnotatorMasks(
            transformer.Host, _images.AsSpan(0, _count * _model.Shape.Length), _annotatorMasks.AsSpan(0, _count * length), transformer.ImagesPerForward);
        _hasAnnotatorMasks = true;
    }
}
