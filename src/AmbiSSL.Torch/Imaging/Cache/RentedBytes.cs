using System.Buffers;

namespace AmbiSSL.Torch.Imaging;

/// <summary>A buffer from the pool, given back when it is disposed.</summary>
/// <param name="length">Number of bytes.</param>
internal readonly ref struct RentedBytes(int length)
{
    private readonly byte[] _array = ArrayPool<byte>.Shared.Rent(length);

    /// <summary>The bytes, which hold anything at first.</summary>
    public Span<byte> Span => _array.AsSpan(0, length);

    /// <summary>Gives them back.</summary>
    public void Dispose() => ArrayPool<byte>.Shared.Return(_array);
}
