using AmbiSSL.Torch.Metrics;

namespace AmbiSSL.Torch.Answers;

/// <summary>Aggregates an uncertainty map row by row. What it keeps is as many rows as a patch is high.</summary>
/// <param name="size">Height and width of the map.</param>
/// <param name="classes">The classes K.</param>
internal sealed class UncertaintyMeter(ImageSize size, MaskClasses classes)
{
    private readonly (int Height, int Width) _patch = (Math.Min(UncertaintyScores.PatchSide, size.Height), Math.Min(UncertaintyScores.PatchSide, size.Width));
    private readonly byte[] _inside = new byte[classes.Count * size.Width];
    private readonly double[][] _sums =
        [.. Enumerable.Range(0, Math.Min(UncertaintyScores.PatchSide, size.Height) + 1).Select(_ => new double[size.Width + 1])];
    private int _row;
    private int _foreground;
    private double _largest;

    /// <summary>Adds the next row.</summary>
    /// <param name="uncertainty">W values, in bits.</param>
    /// <param name="probability">K·W values in [K, W] order, 0 to 1.</param>
    public void Add(ReadOnlySpan<float> uncertainty, ReadOnlySpan<float> probability)
    {
        ClassProbabilities.Harden(classes, probability, 0.5, _inside);
        var (above, sums) = (Sums(_row), Sums(++_row));
        var before = _row < _patch.Height ? null : Sums(_row - _patch.Height);
        for (var x = 0; x < size.Width; x++)
        {
            sums[x + 1] = uncertainty[x] + above[x + 1] + sums[x] - above[x];
            if (before is not null && x + 1 - _patch.Width is >= 0 and var left)
            {
                _largest = Math.Max(_largest, sums[x + 1] - before[x + 1] - sums[left] + before[left]);
            }

            for (var plane = x; plane < _inside.Length; plane += size.Width)
            {
                if (_inside[plane] != 0)
                {
                    _foreground++;
                    break;
                }
            }
        }
    }

    /// <summary>The scores, once all rows were added.</summary>
    public UncertaintyScores Scores()
    {
        var total = Sums(_row)[^1];
        return new UncertaintyScores(total / size.PixelCount, _largest / (_patch.Height * _patch.Width), _foreground > 0 ? total / _foreground : double.NaN);
    }

    /// <summary>The sums over all pixels above and to the left of each corner of a row, of the last rows alone.</summary>
    private double[] Sums(int row) => _sums[row % _sums.Length];
}
