using TorchSharp;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Foundation;

/// <summary>Arithmetic of tensors with numbers, and sums of tensors, which no garbage collection disturbs.</summary>
/// <remarks>
/// TorchSharp's own operators put a number into a temporary <see cref="Scalar"/>, <c>a + b</c> too (the factor of b), and give libtorch its
/// memory without keeping the object. A garbage collection that another thread starts meanwhile lets the finalizer free what libtorch is
/// about to read: "Unknown scalar type", or a wrong number. Here every scalar lives until its call has returned. Results belong to the
/// caller's dispose scope.
/// <para>
/// Upstream: that memory is read after it was freed is not reported. The open pull requests dotnet/TorchSharp 1434 ("Dispose `Scalar`s
/// implicitly created in `Tensor` operators") and 1496 ("Dispose implicitly converted TorchSharp.Scalar and torch.Tensor") would end it,
/// since what is disposed after a call lives until then. When to delete this: when both are in the TorchSharp that is referenced.
/// </para>
/// </remarks>
internal static class TensorArithmetic
{
    /// <summary>The number one.</summary>
    public static readonly Scalar One = 1.ToScalar();

    private static readonly Scalar Zero = 0.ToScalar();

    /// <summary>The whole numbers from 0 on, [count].</summary>
    public static Tensor Range(long count, ScalarType type, Device device) => With(count, stop => arange(Zero, stop, One, type, device));

    /// <summary>left + right.</summary>
    public static Tensor Plus(this Tensor left, Tensor right) => left.add(right, One);

    /// <summary>left + right.</summary>
    public static Tensor Plus(this Tensor left, double right) => With(right, number => left.add(number, One));

    /// <summary>left - right.</summary>
    public static Tensor Minus(this Tensor left, double right) => With(right, left.sub);

    /// <summary>1 - x.</summary>
    public static Tensor OneMinus(Tensor x) => x.negative().add(One, One);

    /// <summary>left * right.</summary>
    public static Tensor Times(this Tensor left, double right) => With(right, left.mul);

    /// <summary>left / right.</summary>
    public static Tensor Over(this Tensor left, double right) => With(right, number => left.div(number));

    /// <summary>What is left of whole numbers after division.</summary>
    public static Tensor Modulo(this Tensor left, long right) => With(right, left.remainder);

    /// <summary>x².</summary>
    public static Tensor Squared(this Tensor x) => With(2, x.pow);

    /// <summary>Each element, or the number where that is larger.</summary>
    public static Tensor NotBelow(this Tensor x, double smallest) => With(smallest, number => x.clamp(number));

    /// <summary>Each element, or the nearer of the two numbers where it is outside of them.</summary>
    public static Tensor Within(this Tensor x, double smallest, double largest) =>
        With(smallest, low => With(largest, high => x.clamp(low, high)));

    /// <summary>left &lt; right.</summary>
    public static Tensor IsBelow(this Tensor left, double right) => With(right, left.lt);

    /// <summary>left &gt; right.</summary>
    public static Tensor IsAbove(this Tensor left, double right) => With(right, left.gt);

    /// <summary>left &#8804; right.</summary>
    public static Tensor IsAtMost(this Tensor left, double right) => With(right, left.le);

    /// <summary>left &#8805; right.</summary>
    public static Tensor IsAtLeast(this Tensor left, double right) => With(right, left.ge);

    private static Tensor With(double number, Func<Scalar, Tensor> compute)
    {
        using var scalar = number.ToScalar();
        return compute(scalar);
    }

    private static Tensor With(long number, Func<Scalar, Tensor> compute)
    {
        using var scalar = number.ToScalar();
        return compute(scalar);
    }
}
