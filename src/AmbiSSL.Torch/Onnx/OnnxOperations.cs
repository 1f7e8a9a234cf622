using static TorchSharp.torch;

namespace AmbiSSL.Torch.Onnx;

/// <summary>The operations that networks are made of. Where nothing else is said they are ONNX's own of that name.</summary>
internal static class OnnxOperations
{
    public static OnnxValue Add(this OnnxGraph graph, OnnxValue left, OnnxValue right, ValueRange? range = null) =>
        graph.Apply("Add", [left, right]) with { Range = range };

    public static OnnxValue Subtract(this OnnxGraph graph, OnnxValue left, OnnxValue right) => graph.Apply("Sub", [left, right]);

    public static OnnxValue Multiply(this OnnxGraph graph, OnnxValue left, OnnxValue right) => graph.Apply("Mul", [left, right]);

    public static OnnxValue Divide(this OnnxGraph graph, OnnxValue left, OnnxValue right) => graph.Apply("Div", [left, right]);

    public static OnnxValue Modulo(this OnnxGraph graph, OnnxValue left, OnnxValue right) => graph.Apply("Mod", [left, right]);

    public static OnnxValue MatrixMultiply(this OnnxGraph graph, OnnxValue left, OnnxValue right) => graph.Apply("MatMul", [left, right]);

    // What is rounded to 8 bits is what comes out, so that no integers are spent on what is below 0.
    public static OnnxValue Relu(this OnnxGraph graph, OnnxValue value) =>
        graph.Apply("Relu", [value with { Range = null }]) with { Range = value.Range?.Rectified };

    /// <summary>The means, or the largest, of the pixels below each place of a window that goes over an image.</summary>
    public static OnnxValue Pool(this OnnxGraph graph, string operation, OnnxValue image, params IReadOnlyList<(string Name, object Value)> attributes) =>
        graph.Apply(operation, [image], attributes) with { Range = image.Range };

    public static OnnxValue Sigmoid(this OnnxGraph graph, OnnxValue value) => graph.Apply("Sigmoid", [value]);

    /// <summary>1 where a value is above a number, 0 elsewhere.</summary>
    public static OnnxValue IsAbove(this OnnxGraph graph, OnnxValue value, float number) =>
        graph.Apply("Cast", [graph.Apply("Greater", [value, graph.Constant(number)])], ("to", (long)OnnxType.UInt8));

    public static OnnxValue Mean(this OnnxGraph graph, OnnxValue value, long[] axes, bool keepsAxes) =>
        graph.Apply("ReduceMean", [value], ("axes", axes), ("keepdims", keepsAxes ? 1L : 0L));

    public static OnnxValue Sum(this OnnxGraph graph, OnnxValue value, long axis, bool keepsAxis) =>
        graph.Apply("ReduceSum", [value, graph.Constant([axis])], ("keepdims", keepsAxis ? 1L : 0L));

    public static OnnxValue Concatenate(this OnnxGraph graph, long axis, params IReadOnlyList<OnnxValue> values) =>
        graph.Apply("Concat", values, ("axis", axis)) with
        {
            Range = values.Select(value => value.Range).Aggregate((all, range) => all is { } known && range is { } other ? known.With(other) : null),
        };

    /// <summary>The sizes of dimensions from <paramref name="start"/> up to <paramref name="end"/>, that one left out.</summary>
    public static OnnxValue Sizes(this OnnxGraph graph, OnnxValue value, long start, long end) =>
        graph.Apply("Shape", [value], ("start", start), ("end", end));

    /// <summary>The same values in another shape; 0 stands for the size that was there, -1 for the one that is left.</summary>
    public static OnnxValue Reshape(this OnnxGraph graph, OnnxValue value, OnnxValue shape) => graph.Apply("Reshape", [value, shape]);

    public static OnnxValue Unsqueeze(this OnnxGraph graph, OnnxValue value, params long[] axes) =>
        graph.Apply("Unsqueeze", [value, graph.Constant(axes)]);

    public static OnnxValue Squeeze(this OnnxGraph graph, OnnxValue value, params long[] axes) =>
        graph.Apply("Squeeze", [value, graph.Constant(axes)]);

    /// <summary>The elements of an axis from one on up to an end, that one left out; or to the last, every so many.</summary>
    public static OnnxValue Slice(this OnnxGraph graph, OnnxValue value, long axis, long start, long end = long.MaxValue, long step = 1) =>
        graph.Apply("Slice", [value, graph.Constant([start]), graph.Constant([end]), graph.Constant([axis]), graph.Constant([step])]);

    /// <summary>The elements of an axis with these numbers.</summary>
    public static OnnxValue Pick(this OnnxGraph graph, OnnxValue value, OnnxValue numbers, long axis) =>
        graph.Apply("Gather", [value, numbers], ("axis", axis));

    /// <summary>A convolution over an image, in 8 bits where the image and the result have ranges.</summary>
    public static OnnxValue Convolve(
        this OnnxGraph graph, OnnxValue image, Tensor weight, Tensor? bias, long[] strides, long[] padding, ValueRange? range = null)
    {
        var filters = image.Range is { } input && range is not null
            ? graph.Filters(weight, bias, input.Step)
            : [graph.Constant(weight), .. bias is null ? (OnnxValue[])[] : [graph.Constant(bias)]];
        return graph.Apply(
            "Conv",
            [image, .. filters],
            ("kernel_shape", weight.shape[2..]),
            ("strides", strides),
            ("pads", (long[])[.. padding, .. padding])) with { Range = range };
    }

    /// <summary>An image of twice as many rows and columns: the nearest pixel, or, with aligned corners, between the four around.</summary>
    public static OnnxValue Enlarge(this OnnxGraph graph, OnnxValue image, bool interpolates)
    {
        var scales = graph.Constant(tensor([1f, 1f, 2f, 2f]));
        (string, object)[] how = interpolates
            ? [("mode", "linear"), ("coordinate_transformation_mode", "align_corners")]
            : [("mode", "nearest"), ("coordinate_transformation_mode", "asymmetric"), ("nearest_mode", "floor")];
        return graph.Apply("Resize", [image, new OnnxValue(""), scales], how) with { Range = image.Range };
    }

    /// <summary>An image [B, C, H, W] with its last rows and columns repeated, until a stride divides their numbers.</summary>
    public static OnnxValue PadToStride(this OnnxGraph graph, OnnxValue image, long stride)
    {
        var missing = graph.Modulo(graph.Apply("Neg", [graph.Sizes(image, 2, 4)]), graph.Constant(stride));
        return graph.Apply("Pad", [image, graph.Concatenate(0, graph.Constant(0, 0, 0, 0, 0, 0), missing)], ("mode", "edge"));
    }

    /// <summary>The first rows and columns of an image [B, C, H, W].</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="image">The image.</param>
    /// <param name="size">How many.</param>
    public static OnnxValue Crop(this OnnxGraph graph, OnnxValue image, OnnxValue size) =>
        graph.Apply("Slice", [image, graph.Constant(0, 0), size, graph.Constant(2, 3)]);
}
