using System.Runtime.InteropServices;
using AmbiSSL.Torch.Foundation;
using TorchSharp;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Inference;

/// <summary>
/// Goes through an image in windows, and gives what they draw row by row: what is in memory is a band of rows as high as a window. Windows of one row
/// of windows see the image from left to right, and a row is given once no window that touches it is left.
/// </summary>
/// <param name="image">The image, at its first row.</param>
/// <param name="window">Size of the windows.</param>
/// <param name="planes">Number K of planes that are drawn.</param>
/// <param name="draw">Draws planes [B, K, h, w] of windows [B, C, h, w] whose top and left are given.</param>
/// <param name="device">Where it is drawn.</param>
internal sealed class WindowPass(
    ImageRows image, ImageSize window, int planes, Func<Tensor, IReadOnlyList<(int Top, int Left)>, Tensor> draw, Device device)
{
    private readonly WindowAxis _rows = new(image.Shape.Height, window.Height);
    private readonly WindowAxis _columns = new(image.Shape.Width, window.Width);
    private readonly float[] _current = new float[image.Shape.Channels * image.Shape.Width];
    private readonly float[] _probabilities = new float[planes * image.Shape.Width];
    private float[] _band = [];
    private float[] _sums = [];
    private int _nextWindows;
    private int _nextBandRow;
    private int _nextImageRow;

    /// <summary>The current row of the image.</summary>
    public int Row { get; private set; } = -1;

    /// <summary>What was drawn for the current row, [K, W].</summary>
    public ReadOnlySpan<float> Probabilities => _probabilities;

    /// <summary>Windows that a forward sees: one after the other is fastest on a processor.</summary>
    private int WindowsPerForward => device.type == DeviceType.CUDA ? 16 : 1;

    /// <summary>Goes to the next row of the image.</summary>
    public bool MoveNext()
    {
        if (++Row == image.Shape.Height)
        {
            return false;
        }

        if (_band.Length == 0)
        {
            _band = new float[image.Shape.Channels * window.Height * _columns.Length];
            _sums = new float[planes * window.Height * _columns.Length];
        }

        while (_nextWindows < _rows.Starts.Count && _rows.Starts[_nextWindows] <= _rows.Margin + Row)
        {
            DrawWindows(_rows.Starts[_nextWindows++]);
        }

        TakeSums(_rows.Margin + Row);
        return true;
    }

    private void DrawWindows(int top)
    {
        while (_nextBandRow < top + window.Height)
        {
            ReadBandRow(_nextBandRow++);
        }

        foreach (var lefts in _columns.Starts.Chunk(WindowsPerForward))
        {
            using var denormals = DenormalNumbers.TakeForZero();
            using var scope = NewDisposeScope();
            using var inference = inference_mode();
            var drawn = draw(Windows(top, lefts), [.. lefts.Select(left => (top, left))]);
            DrawnMasks.RequireFinite(drawn.isfinite().all());
            var values = MemoryMarshal.Cast<byte, float>(drawn.cpu().contiguous().bytes);
            for (var i = 0; i < lefts.Length; i++)
            {
                AddToSums(values.Slice(i * planes * window.PixelCount, planes * window.PixelCount), top, lefts[i]);
            }
        }
    }

    /// <summary>Reads a row of the band; beyond the image its border is repeated.</summary>
    private void ReadBandRow(int row)
    {
        for (var wanted = Math.Clamp(row - _rows.Margin, 0, image.Shape.Height - 1); _nextImageRow <= wanted; _nextImageRow++)
        {
            image.Read(_current);
        }

        var width = image.Shape.Width;
        for (var channel = 0; channel < image.Shape.Channels; channel++)
        {
            var target = BandRow(channel, row);
            _current.AsSpan(channel * width, width).CopyTo(target[_columns.Margin..]);
            target[.._columns.Margin].Fill(target[_columns.Margin]);
            target[(_columns.Margin + width)..].Fill(target[_columns.Margin + width - 1]);
        }
    }

    /// <summary>[B, C, h, w].</summary>
    private Tensor Windows(int top, int[] lefts)
    {
        var windows = empty(lefts.Length, image.Shape.Channels, window.Height, window.Width);
        var values = MemoryMarshal.Cast<byte, float>(windows.bytes);
        for (var i = 0; i < values.Length / window.Width; i++)
        {
            var (plane, row) = Math.DivRem(i, window.Height);
            var (own, channel) = Math.DivRem(plane, image.Shape.Channels);
            BandRow(channel, top + row).Slice(lefts[own], window.Width).CopyTo(values[(i * window.Width)..]);
        }

        return windows.to(device);
    }

    private void AddToSums(ReadOnlySpan<float> drawn, int top, int left)
    {
        for (var i = 0; i < planes * window.Height; i++)
        {
            var (plane, row) = Math.DivRem(i, window.Height);
            var weight = _rows.Weights[row];
            var own = drawn.Slice(i * window.Width, window.Width);
            var sums = SumsRow(plane, top + row).Slice(left, window.Width);
            for (var column = 0; column < own.Length; column++)
            {
                sums[column] += weight * _columns.Weights[column] * own[column];
            }
        }
    }

    private void TakeSums(int row)
    {
        var width = image.Shape.Width;
        for (var plane = 0; plane < planes; plane++)
        {
            var sums = SumsRow(plane, row);
            var target = _probabilities.AsSpan(plane * width, width);
            for (var column = 0; column < width; column++)
            {
                var place = _columns.Margin + column;

                // Rounding may leave a mean of probabilities of 1 above it.
                target[column] = Math.Clamp(sums[place] / (_rows.Totals[row] * _columns.Totals[place]), 0, 1);
            }

            sums.Clear();
        }
    }

    private Span<float> BandRow(int channel, int row) => Line(_band, channel, row);

    private Span<float> SumsRow(int plane, int row) => Line(_sums, plane, row);

    /// <summary>A row in a band, in which the row a window's height below takes the same place.</summary>
    private Span<float> Line(float[] band, int plane, int row) =>
        band.AsSpan(((plane * window.Height) + (row % window.Height)) * _columns.Length, _columns.Length);
}
