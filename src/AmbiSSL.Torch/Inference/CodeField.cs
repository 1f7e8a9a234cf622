using AmbiSSL.Torch.Methods;

namespace AmbiSSL.Torch.Inference;

/// <summary>
/// The noise of the samples of an image that is seen through windows: standard normal at each place and changing evenly from place to place, so that windows
/// that overlap draw one mask and those far apart draw independently. At the nodes of a grid it is noise of its own; between them, the sum of that of four
/// nodes, by cosines and sines whose squares sum to 1.
/// </summary>
/// <param name="method">How many values a sample takes, and how they are drawn.</param>
/// <param name="seed">Another seed, other noise.</param>
/// <param name="image">The hash of the image.</param>
/// <param name="vectors">Noise vectors at each place.</param>
/// <param name="distance">Pixels between two nodes, along the height and along the width; null for one noise all over the image.</param>
internal sealed class CodeField(SegmentationMethod method, int seed, ulong image, int vectors, (double Height, double Width)? distance)
{
    private readonly Dictionary<(int Row, int Column), float[]> _nodes = [];

    /// <summary>The noise of a window, [vectors, D].</summary>
    /// <param name="top">First row of the window.</param>
    /// <param name="left">First column of the window.</param>
    public float[] At(int top, int left)
    {
        if (distance is not { } grid)
        {
            return Node(0, 0);
        }

        var (row, down) = Place(top / grid.Height);
        var (column, right) = Place(left / grid.Width);
        var noise = new float[vectors * method.NoiseDimensions];
        Add(noise, row, column, down.Near * right.Near);
        Add(noise, row, column + 1, down.Near * right.Far);
        Add(noise, row + 1, column, down.Far * right.Near);
        Add(noise, row + 1, column + 1, down.Far * right.Far);
        return noise;
    }

    private static (int Node, (float Near, float Far) Weights) Place(double position)
    {
        var node = Math.Floor(position);
        var (far, near) = Math.SinCos(Math.PI / 2 * (position - node));
        return ((int)node, ((float)near, (float)far));
    }

    private void Add(float[] noise, int row, int column, float weight)
    {
        if (weight == 0)
        {
            return;
        }

        var node = Node(row, column);
        for (var i = 0; i < noise.Length; i++)
        {
            noise[i] += weight * node[i];
        }
    }

    private float[] Node(int row, int column)
    {
        if (!_nodes.TryGetValue((row, column), out var noise))
        {
            using var drawn = SampleNoise.OfNode(image, seed, row, column).Draw(vectors, method.NoiseDimensions, method.CodeSampling);
            _nodes[(row, column)] = noise = [.. drawn.data<float>()];
        }

        return noise;
    }
}
