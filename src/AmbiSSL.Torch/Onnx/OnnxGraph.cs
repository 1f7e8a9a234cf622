using static TorchSharp.torch;

namespace AmbiSSL.Torch.Onnx;

/// <summary>
/// A graph of operations in the making, in the order in which they are computed, and its file. <see cref="OnnxOperations"/> has the operations. Field
/// numbers are those of <c>onnx.proto</c>.
/// </summary>
internal sealed class OnnxGraph
{
    private const int Opset = 17;

    // The version of the format that came with the operations of this opset.
    private const int FormatVersion = 8;

    private readonly ProtobufMessage _graph = new ProtobufMessage().Add(2, "ambissl");
    private readonly OnnxGraph? _outer;
    private readonly IReadOnlyDictionary<nn.Module, ValueRange> _ranges;
    private readonly Dictionary<string, OnnxValue> _inEightBits = [];
    private int _values;

    /// <param name="ranges">The ranges of what layers give, where these are to compute in 8 bits.</param>
    public OnnxGraph(IReadOnlyDictionary<nn.Module, ValueRange> ranges) => _ranges = ranges;

    private OnnxGraph(OnnxGraph outer)
        : this(outer._ranges) => _outer = outer;

    /// <summary>An input.</summary>
    public OnnxValue Input(string name, OnnxType type, params IReadOnlyList<OnnxDimension> shape)
    {
        _graph.Add(11, Describe(name, type, shape));
        return new OnnxValue(name);
    }

    /// <summary>Makes a value an output.</summary>
    public void Output(string name, OnnxValue value, OnnxType type, params IReadOnlyList<OnnxDimension> shape)
    {
        AddNode("Identity", [value], name, []);
        _graph.Add(12, Describe(name, type, shape));
    }

    /// <summary>A constant with the values of a tensor of floating-point numbers.</summary>
    public OnnxValue Constant(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return Constant(OnnxType.Float, tensor.shape, tensor.detach().to(ScalarType.Float32).cpu().contiguous().bytes.ToArray());
    }

    /// <summary>A constant number.</summary>
    public OnnxValue Constant(float value) => Constant(OnnxType.Float, [], BitConverter.GetBytes(value));

    /// <summary>A constant row of whole numbers.</summary>
    public OnnxValue Constant(params long[] values) => Constant(OnnxType.Int64, [values.Length], [.. values.SelectMany(BitConverter.GetBytes)]);

    /// <summary>A constant of any type.</summary>
    public OnnxValue Constant(OnnxType type, long[] shape, byte[] values)
    {
        var constant = NewValue("Constant");
        var tensor = new ProtobufMessage().Add(2, (long)type).Add(8, constant.Name).Add(9, values);
        foreach (var size in shape)
        {
            tensor.Add(1, size);
        }

        _graph.Add(5, tensor);
        return constant;
    }

    /// <summary>What an operation gives.</summary>
    /// <param name="operation">Its name in ONNX.</param>
    /// <param name="inputs">Its inputs.</param>
    /// <param name="attributes">Its attributes: numbers of type <see cref="long"/>, rows of them, or texts.</param>
    public OnnxValue Apply(string operation, IReadOnlyList<OnnxValue> inputs, params IReadOnlyList<(string Name, object Value)> attributes)
    {
        var output = NewValue(operation);
        AddNode(operation, [.. inputs.Select(InEightBits)], output.Name, attributes);
        return output;
    }

    /// <summary>The range of what a layer gives; null where it is not kept in 8 bits.</summary>
    public ValueRange? RangeOf(nn.Module layer) => _ranges.TryGetValue(layer, out var range) ? range : null;

    /// <summary>
    /// What a graph of its own gives for each element of an axis, one after the other, along the same axis. It may use the values of this graph.
    /// </summary>
    public OnnxValue ForEach(OnnxValue value, long axis, Func<OnnxGraph, OnnxValue, OnnxValue> compute)
    {
        var (inner, element) = (new OnnxGraph(this), NewValue("Element"));
        var result = compute(inner, element);
        inner._graph.Add(11, new ProtobufMessage().Add(1, element.Name)).Add(12, new ProtobufMessage().Add(1, result.Name));
        return Apply(
            "Scan", [value], ("body", inner._graph), ("num_scan_inputs", 1L), ("scan_input_axes", (long[])[axis]), ("scan_output_axes", (long[])[axis]));
    }

    /// <summary>The file of the graph.</summary>
    /// <param name="version">Version of the program that writes it.</param>
    /// <param name="description">What the file is, for people.</param>
    /// <param name="metadata">Further texts by name.</param>
    public ProtobufMessage ToFile(string version, string description, IEnumerable<KeyValuePair<string, string>> metadata)
    {
        var file = new ProtobufMessage()
            .Add(1, FormatVersion)
            .Add(2, "AmbiSSL")
            .Add(3, version)
            .Add(6, description)
            .Add(7, _graph)
            .Add(8, new ProtobufMessage().Add(1, "").Add(2, Opset));
        foreach (var (name, text) in metadata)
        {
            file.Add(14, new ProtobufMessage().Add(1, name).Add(2, text));
        }

        return file;
    }

    private static ProtobufMessage Describe(string name, OnnxType type, IReadOnlyList<OnnxDimension> shape)
    {
        var dimensions = new ProtobufMessage();
        foreach (var (any, size) in shape)
        {
            dimensions.Add(1, any is null ? new ProtobufMessage().Add(1, size) : new ProtobufMessage().Add(2, any));
        }

        var tensor = new ProtobufMessage().Add(1, (long)type).Add(2, dimensions);
        return new ProtobufMessage().Add(1, name).Add(2, new ProtobufMessage().Add(1, tensor));
    }

    private static ProtobufMessage Attribute(string name, object value)
    {
        var attribute = new ProtobufMessage().Add(1, name);
        switch (value)
        {
            case string text:
                return attribute.Add(4, text).Add(20, 3);
            case ProtobufMessage graph:
                return attribute.Add(6, graph).Add(20, 5);
            case long number:
                return attribute.Add(3, number).Add(20, 2);
            default:
                foreach (var number in (long[])value)
                {
                    attribute.Add(8, number);
                }

                return attribute.Add(20, 7);
        }
    }

    private void AddNode(string operation, IReadOnlyList<OnnxValue> inputs, string output, IReadOnlyList<(string Name, object Value)> attributes)
    {
        var node = new ProtobufMessage().Add(2, output).Add(3, $"{operation}:{output}").Add(4, operation);
        foreach (var input in inputs)
        {
            node.Add(1, input.Name);
        }

        foreach (var (name, value) in attributes)
        {
            node.Add(5, Attribute(name, value));
        }

        _graph.Add(1, node);
    }

    /// <summary>The value in 8 bits, where it has a range: the same for all operations that take it.</summary>
    private OnnxValue InEightBits(OnnxValue value)
    {
        if (value.Range is not { } range)
        {
            return value;
        }

        if (!_inEightBits.TryGetValue(value.Name, out var rounded))
        {
            _inEightBits[value.Name] = rounded = this.Round(new OnnxValue(value.Name), range);
        }

        return rounded;
    }

    private OnnxValue NewValue(string kind) => _outer?.NewValue(kind) ?? new OnnxValue($"{kind}_{_values++}");
}
