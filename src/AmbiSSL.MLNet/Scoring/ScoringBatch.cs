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
internal sealed class ScoringBatch(AmbiguousSegmentationTransformer transformer, int capacity)
{
    private readonly SharedModel _model = transformer.SharedModel;
    private readonly float[] _images = new float[capacity * transformer.Shape.Length];
    private readonly int _samples = transformer.Samples;
    private readonly int _pixels = transformer.Shape.PixelCount;
    private byte[] _masks = [];
    private float[] _probability = [];
    private byte[] _annotatorMasks = [];
    private int _count;
    private bool _isComputed;
    private bool _hasAnnotatorMasks;

    /// <summary>Forgets the images and their masks.</summary>
    public void Clear()
    {
        _count = 0;
        _isComputed = false;
        _hasAnnotatorMasks = false;
    }

    /// <summary>Room [C, H, W] for one more image.</summary>
    public Span<float> Add()
    {
        var length = _model.Shape.Length;
        return _images.AsSpan(_count++ * length, length);
    }

    /// <summary>Makes the getter of a computed column.</summary>
    /// <param name="schema">Tells the columns apart.</param>
    /// <param name="column">Position of the column in the output.</param>
    /// <param name="currentSlot">Tells which image of the batch the current row's is, or throws when there is no current row.</param>
    public Delegate CreateGetter(ScoringSchema schema, int column, Func<int> currentSlot)
    {
        if (column == schema.Masks)
        {
            return MasksGetter(_samples * _pixels, currentSlot, Compute, () => _masks);
        }

        if (column == schema.AnnotatorMasks)
        {
            return MasksGetter(_model.KnownAnnotators * _pixels, currentSlot, ComputeAnnotators, () => _annotatorMasks);
        }

        if (column == schema.Consensus)
        {
            return (ValueGetter<VBuffer<byte>>)((ref VBuffer<byte> value) =>
            {
                var slot = currentSlot();
                Compute();
                var editor = VBufferEditor.Create(ref value, _pixels);
                _model.Model.Consensus(_probability.AsSpan(slot * _pixels, _pixels), editor.Values);
                value = editor.Commit();
            });
        }

        var isEntropy = column == schema.Uncertainty;
        return (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) =>
        {
            var slot = currentSlot();
            Compute();
            var editor = VBufferEditor.Create(ref value, _pixels);
            var probability = _probability.AsSpan(slot * _pixels, _pixels);
            if (isEntropy)
            {
                BinaryEntropy.Compute(probability, editor.Values);
            }
            else
            {
                probability.CopyTo(editor.Values);
            }

            value = editor.Commit();
        });
    }

    private static ValueGetter<VBuffer<byte>> MasksGetter(int length, Func<int> currentSlot, Action compute, Func<byte[]> masks) =>
        (ref VBuffer<byte> value) =>
        {
            var slot = currentSlot();
            compute();
            var editor = VBufferEditor.Create(ref value, length);
            masks().AsSpan(slot * length, length).CopyTo(editor.Values);
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
            _masks = new byte[capacity * _samples * _pixels];
            _probability = new float[capacity * _pixels];
        }

        _model.SampleMasks(
            transformer.Host,
            _images.AsSpan(0, _count * _model.Shape.Length),
            _samples,
            _masks.AsSpan(0, _count * _samples * _pixels),
            _probability.AsSpan(0, _count * _pixels),
            transformer.ImagesPerForward);
        _isComputed = true;
    }

    private void ComputeAnnotators()
    {
        if (_hasAnnotatorMasks)
        {
            return;
        }

        var length = _model.KnownAnnotators * _pixels;
        if (_annotatorMasks.Length == 0)
        {
            _annotatorMasks = new byte[capacity * length];
        }

        _model.AnnotatorMasks(
            transformer.Host, _images.AsSpan(0, _count * _model.Shape.Length), _annotatorMasks.AsSpan(0, _count * length), transformer.ImagesPerForward);
        _hasAnnotatorMasks = true;
    }
}
