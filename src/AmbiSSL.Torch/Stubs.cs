using AmbiSSL.Torch.Data;
using AmbiSSL.Torch.Methods;
#pragma warning disable
namespace AmbiSSL.Torch.Networks
{
    internal abstract class FeatureEncoder { }
    internal abstract class FeatureDecoder { }
    internal sealed class UNetEncoder : FeatureEncoder { public UNetEncoder(int c, UNetBackbone b) { } }
    internal sealed class UNetDecoder : FeatureDecoder { public UNetDecoder(UNetBackbone b) { } }
    internal sealed class ResNet34Encoder : FeatureEncoder { public ResNet34Encoder(int c) { } }
    internal sealed class ResNet34Decoder : FeatureDecoder { public ResNet34Decoder() { } }
}
namespace AmbiSSL.Torch.Runtime
{
    public static class TorchRuntime { public static void EnsureLoaded() { } }
}
namespace AmbiSSL.Torch.Methods
{
    internal abstract class SegmentationMethod { }
    internal sealed class AmbiSSLMethod : SegmentationMethod { public AmbiSSLMethod(AmbiSSLOptions o, ImageShape s, int a) { } }

    /// <summary>A trained method: draws masks, saves and loads. Thread-safe.</summary>
    public sealed class SegmentationModel : IDisposable
    {
        private readonly float _threshold; private bool _disposed;
        internal SegmentationModel(SegmentationOptions o, ImageShape s, int a, float threshold) { Options = o; Shape = s; Annotators = a; _threshold = threshold; }
        public SegmentationOptions Options { get; }
        public ImageShape Shape { get; }
        /// <summary>Most masks an image had in training.</summary>
        public int Annotators { get; }
        /// <summary>images [B,C,H,W] -> masks [B,N,H,W] of 0/1 and probability [B,H,W], the mean over the samples of the foreground probability.
        /// A row's result depends on the model, its seed and the image's content alone. ObjectDisposedException when disposed.</summary>
        public void Sample(ReadOnlySpan<float> images, int samples, Span<byte> masks, Span<float> probability)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            int b = images.Length / Shape.Length, hw = Shape.PixelCount;
            for (int r = 0; r < b; r++) for (int i = 0; i < hw; i++)
            {
                float v = images[r * Shape.Length + i]; float sum = 0;
                for (int n = 0; n < samples; n++) { float p = Math.Clamp(v + 0.1f * (n - samples / 2f) / samples, 0, 1); sum += p; masks[(r * samples + n) * hw + i] = p > _threshold ? (byte)1 : (byte)0; }
                probability[r * hw + i] = sum / samples;
            }
        }
        /// <summary>Writes a safetensors stream with the options in its metadata. Does not close or seek the stream.</summary>
        public void Save(Stream stream) { stream.Write(BitConverter.GetBytes(Shape.Channels)); stream.Write(BitConverter.GetBytes(Shape.Height)); stream.Write(BitConverter.GetBytes(Shape.Width)); stream.Write(BitConverter.GetBytes(Annotators)); stream.Write(BitConverter.GetBytes(_threshold)); var j = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(Options); stream.Write(BitConverter.GetBytes(j.Length)); stream.Write(j); }
        /// <summary>Atomic: temporary file in the same folder, then rename.</summary>
        public void Save(string path) { using var s = File.Create(path); Save(s); }
        /// <summary>name: what error messages call the source. InvalidDataException when it is truncated or foreign.</summary>
        public static SegmentationModel Load(Stream stream, string name) { byte[] b = new byte[4]; int I() { stream.ReadExactly(b); return BitConverter.ToInt32(b); } int c = I(), h = I(), w = I(), a = I(); float t = BitConverter.Int32BitsToSingle(I()); var j = new byte[I()]; stream.ReadExactly(j); return new SegmentationModel(System.Text.Json.JsonSerializer.Deserialize<SegmentationOptions>(j)!, new ImageShape(c, h, w), a, t); }
        public static SegmentationModel Load(string path) { using var s = File.OpenRead(path); return Load(s, path); }
        public void Dispose() => _disposed = true;
    }
}
namespace AmbiSSL.Torch.Training
{
    public static class SegmentationTrainer
    {
        /// <summary>Trains. ArgumentException for bad options or data (no image, no labelled image, image smaller than the backbone's stride), OperationCanceledException when options.CancellationToken fires. Reports to options.Progress.</summary>
        public static SegmentationModel Fit(ImageCache images, SegmentationOptions options)
        {
            options.Validate();
            if (images.Count == 0) throw new ArgumentException("There are no training images.");
            if (!images.Labeled.Any()) throw new ArgumentException($"None of the {images.Count} training images has an annotation.");
            double sum = 0; var px = new float[images.Shape.Length]; for (int i = 0; i < images.Count; i++) { images.ReadPixels(i, px); foreach (var v in px) sum += v; }
            for (int e = 1; e <= options.Epochs; e++) for (int s = 1; s <= 4; s++) { options.CancellationToken.ThrowIfCancellationRequested(); options.Progress?.Report(new TrainingProgress { Epoch = e, Epochs = options.Epochs, Step = s, StepsPerEpoch = 4, Losses = new Dictionary<string, double> { ["total"] = 1.0 / e }, ImagesPerSecond = 10, Remaining = TimeSpan.FromSeconds(1) }); }
            return new SegmentationModel(options with { Seed = options.Seed ?? 1 }, images.Shape, images.MaximumAnnotators, (float)(sum / images.Count / images.Shape.Length));
        }
    }
}
