using TorchSharp;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Runtime;

/// <summary>Arithmetic of tensors with numbers, and sums of tensors, which no garbage collection disturbs.</summary>
/// <remarks>
/// TorchSharp's own operators put a number into a temporary <see cref="Scalar"/>, <c>a + b</c> too (the factor of b), and give libtorch its
/// memory without keeping the object. A garbage collection that another thread starts meanwhile lets the finalizer free what libtorch is
/// about to read: "Unknown scalar type", or a wrong number. Here every scalar lives until its call has returned. Results belong to the
/// caller's dispose scope.
/// </remarks>
internal static class TensorArithmetic
{
    /// <summary>The number one.</summary>
    public static readonly Scalar One = 1.ToScalar();

    private static readonly Scalar Zero = 0.ToScalar();

    private static readonly Scalar Two = 2.ToScalar();

    /// <summary>The whole numbers from 0 on, [count].</summary>
    public static Tensor Range(long count, ScalarType type, Device device)
    {
        using var stop = count.ToScalar();
        return arange(Zero, stop, One, type, device);
    }

    /// <summary>left + right.</summary>
    public static Tensor Plus(this Tensor left, Tensor right) => left.add(right, One);

    /// <summary>left + right.</summary>
    public static Tensor Plus(this Tensor left, double right)
    {
        using var scalar = right.ToScalar();
        return left.add(scalar, One);
    }

    /// <summary>left - right.</summary>
    public static Tensor Minus(this Tensor left, double right)
    {
        using var scalar = right.ToScalar();
        return left.sub(scalar);
    }

    /// <summary>1 - x.</summary>
    public static Tensor OneMinus(Tensor x) => x.negative().add(One, One);

    /// <summary>left * right.</summary>
    public static Tensor Times(this Tensor left, double right)
    {
        using var scalar = right.ToScalar();
        return left.mul(scalar);
    }

    /// <summary>left / right.</summary>
    public static Tensor Over(this Tensor left, double right)
    {
        using var scalar = right.ToScalar();
        return left.div(scalar);
    }

    /// <summary>What is left of whole numbers after division.</summary>
    public static Tensor Modulo(this Tensor left, long right)
    {
        using var scalar = right.ToScalar();
        return left.remainder(scalar);
    }

    /// <summary>x².</summary>
    public static Tensor Squared(this Tensor x) => x.pow(Two);

    /// <summary>Each element, or the number where that is larger.</summary>
    public static Tensor NotBelow(this Tensor x, double smallest)
    {
        using var scalar = smallest.ToScalar();
        return x.clamp(scalar);
    }

    /// <summary>Each element, or the nearer of the two numbers where it is outside of them.</summary>
    public static Tensor Within(this Tensor x, double smallest, double largest)
    {
        using var low = smallest.ToScalar();
        using var high = largest.ToScalar();
        return x.clamp(low, high);
    }

    /// <summary>left &lt; right.</summary>
    public static Tensor IsBelow(this Tensor left, double right)
    {
        using var scalar = right.ToScalar();
        return left.lt(scalar);
    }

    /// <summary>left &gt; right.</summary>
    public static Tensor IsAbove(this Tensor left, double right)
    {
        using var scalar = right.ToScalar();
        return left.gt(scalar);
    }

    /// <summary>left &#8804; right.</summary>
    public static Tensor IsAtMost(this Tensor left, double right)
    {
        using var scalar = right.ToScalar();
        return left.le(scalar);
    }

    /// <summary>left &#8805; right.</summary>
    public static Tensor IsAtLeast(this Tensor left, double right)
    {
        using var scalar = right.ToScalar();
        return left.ge(scalar);
    }
}
