using System.Collections;
using System.Globalization;

namespace AmbiSSL.Benchmarks;

/// <summary>Any number of small images of noise, few of them labeled, made as fast as can be; nothing is kept.</summary>
/// <param name="count">How many are not labeled.</param>
/// <param name="side">Rows, and columns.</param>
internal sealed class ManyImages(int count, int side = 64) : ImageSource
{
    public const int Labeled = 64;

    public override ImageFormat Format { get; } = new(new ImageShape(1, side, side), PixelType.UInt8, Preprocessing.None);

    public override IReadOnlyList<ImageRecord> Records { get; } = new RecordList(Labeled + count);

    protected override AnnotatedImage ReadImage(int index)
    {
        var bytes = new byte[Shape.Length];
        new Random(index).NextBytes(bytes);
        var masks = new byte[index < Labeled ? UntrainedModel.Annotators * Shape.PixelCount : 0];
        for (var i = 0; i < masks.Length; i++)
        {
            masks[i] = (byte)(bytes[i % bytes.Length] >> 7);
        }

        var record = Records[index];
        return new AnnotatedImage(record.Id, record.Subject, new ImagePixels(Shape, bytes), new MaskSet(Shape.Size, masks));
    }

    /// <summary>Records that are made when they are asked for.</summary>
    private sealed class RecordList(int count) : IReadOnlyList<ImageRecord>
    {
        public int Count => count;

        public ImageRecord this[int index]
        {
            get
            {
                var id = index.ToString(CultureInfo.InvariantCulture);
                return new ImageRecord { Id = id, Subject = id, Annotators = index < Labeled ? [1, 2, 3, 4] : [] };
            }
        }

        public IEnumerator<ImageRecord> GetEnumerator() => Enumerable.Range(0, Count).Select(index => this[index]).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
