using System.Buffers.Binary;

namespace AmbiSSL.Torch.Imaging;

/// <summary>The compressed rows of a PNG, which lie in one chunk after the other; the checksum of what is compressed tells damage.</summary>
/// <param name="file">The file, after its signature; it stays open.</param>
internal sealed class PngDataStream(Stream file) : Stream
{
    private readonly byte[] _start = new byte[8];
    private long _left;
    private bool _isAtEnd;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count)
    {
        while (_left == 0 && !_isAtEnd)
        {
            file.ReadExactly(_start);
            var length = BinaryPrimitives.ReadUInt32BigEndian(_start);
            if (_start.AsSpan(4).SequenceEqual("IDAT"u8))
            {
                _left = length;
            }
            else if (_start.AsSpan(4).SequenceEqual("IEND"u8))
            {
                _isAtEnd = true;
            }
            else
            {
                file.Seek(length + 4L, SeekOrigin.Current);
                continue;
            }

            if (_left == 0 && !_isAtEnd)
            {
                file.Seek(4, SeekOrigin.Current);
            }
        }

        var read = file.Read(buffer, offset, (int)Math.Min(count, _left));
        _left -= read;
        if (_left == 0 && read > 0)
        {
            file.Seek(4, SeekOrigin.Current);
        }

        return read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
