using static TorchSharp.torch;

namespace AmbiSSL.Torch.Onnx;

/// <summary>
/// Values of 8 bits in a graph: pairs of operations that round to integers and back, from which a runtime makes operations on integers. Activations are bytes
/// without a sign over their range, weights have a sign and one step for each output channel.
/// </summary>
internal static class EightBits
{
    // 7 bits: processors without VNNI add two products of a byte and a weight in 16 bits, which 8 bits of weight would overflow.
    private const int LargestWeight = 64;

    // What is left of 32 bits for the sum of products.
    private const double LargestBias = 1 << 30;

    /// <summary>A value rounded to a range's steps.</summary>
    public static OnnxValue Round(this OnnxGraph graph, OnnxValue value, ValueRange range)
    {
        var (step, zero) = (graph.Constant(range.Step), graph.Constant(OnnxType.UInt8, [], [range.Zero]));
        return graph.Apply("DequantizeLinear", [graph.Apply("QuantizeLinear", [value, step, zero]), step, zero]);
    }

    /// <summary>Filters [outputs, ...] and the bias of each output in integers.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="weight">The filters.</param>
    /// <param name="bias">The bias; null for none.</param>
    /// <param name="inputStep">The step of what the filters go over.</param>
    public static IEnumerable<OnnxValue> Filters(this OnnxGraph graph, Tensor weight, Tensor? bias, float inputStep)
    {
        var (filters, biases) = (Values(weight), bias is null ? null : Values(bias));
        var (outputs, size) = ((int)weight.shape[0], filters.Length / (int)weight.shape[0]);
        var steps = new float[outputs];
        for (var output = 0; output < outputs; output++)
        {
            var largest = filters.AsSpan(output * size, size).ToArray().Max(Math.Abs) / LargestWeight;
            var leastForBias = biases is null ? 0 : (float)(Math.Abs(biases[output]) / inputStep / LargestBias);
            steps[output] = Math.Max(largest, leastForBias) is > 0 and var step ? step : 1;
        }

        byte[] integers = [.. filters.Select((value, place) => (byte)(sbyte)Math.Round(value / steps[place / size]))];
        yield return Stored(graph, OnnxType.Int8, weight.shape, integers, steps);
        if (biases is not null)
        {
            float[] biasSteps = [.. steps.Select(step => step * inputStep)];
            byte[] rounded = [.. biases.Zip(biasSteps, (value, step) => (int)Math.Round((double)value / step)).SelectMany(BitConverter.GetBytes)];
            yield return Stored(graph, OnnxType.Int32, [outputs], rounded, biasSteps);
        }
    }

    /// <summary>Integers with a step for each output, whose zero is 0.</summary>
    private static OnnxValue Stored(OnnxGraph graph, OnnxType type, long[] shape, byte[] integers, float[] steps)
    {
        var zeros = graph.Constant(type, [steps.Length], new byte[steps.Length * (type == OnnxType.Int32 ? sizeof(int) : 1)]);
        return graph.Apply("DequantizeLinear", [graph.Constant(type, shape, integers), graph.Constant(tensor(steps)), zeros], ("axis", 0L));
    }

    private static float[] Values(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.detach().to(ScalarType.Float32).cpu().contiguous().data<float>().ToArray();
    }
}
