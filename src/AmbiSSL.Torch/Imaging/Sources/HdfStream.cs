using System.Runtime.CompilerServices;
using PureHDF;

namespace AmbiSSL.Torch.Imaging;

/// <summary>
/// What the HDF5 reader reads a file through. Parts of a damaged file may lead it in a circle, which would end with the stack, the process with it, or
/// with memory; and links may lead it to pipes and devices. Here reading ends with an exception first.
/// </summary>
/// <param name="file">The file, which is disposed with this.</param>
internal sealed class HdfStream(FileStream file) : Stream, IDatasetStream
{
    // Of one opening, which reads one image at most: a few times the file, where lists are gone through for each name.
    private const long LeastWork = 4 << 20;
    private const int WorkPerByte = 8;
    private const int WorkPerRead = 8;

    // The description of a link begins with its version, what it has, and its kind, read one by one (HDF5 specification, IV.A.2.g).
    private const int LinkVersion = 1;
    private const int HasKind = 8;
    private const int FirstOutside = 64;

    private long _work = LeastWork + (WorkPerByte * file.Length);
    private int _singles;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => file.Length;

    public override long Position
    {
        get => file.Position;
        set => file.Position = value;
    }

    /// <summary>Reads what describes the content.</summary>
    /// <exception cref="IOException">The content is described in a circle, or a link leads to another file.</exception>
    public override int Read(Span<byte> buffer)
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw InCircle();
        }

        Spend(buffer.Length);
        var read = file.Read(buffer);
        _singles = buffer.Length == 1 && read == 1 ? ((_singles << 8) | buffer[0]) & 0xFFFFFF : 0;
        return _singles >> 16 == LinkVersion && (_singles & (HasKind << 8)) != 0 && (_singles & 0xFF) >= FirstOutside
            ? throw new IOException("A link in it leads to another file, where none is followed to.")
            : read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <summary>Reads content.</summary>
    public void ReadDataset(Span<byte> buffer)
    {
        Spend(buffer.Length);
        file.ReadExactly(buffer);
    }

    public override long Seek(long offset, SeekOrigin origin) => file.Seek(offset, origin);

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            file.Dispose();
        }

        base.Dispose(disposing);
    }

    private static IOException InCircle() => new("Its parts lead to each other in a circle.");

    private void Spend(int bytes)
    {
        _work -= bytes + WorkPerRead;
        if (_work < 0)
        {
            throw InCircle();
        }
    }
}
