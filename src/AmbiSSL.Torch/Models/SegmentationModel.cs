using System.Security.Cryptography;
using AmbiSSL.Torch.Answers;
using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Imaging;
using AmbiSSL.Torch.Inference;
using AmbiSSL.Torch.Methods;
using AmbiSSL.Torch.Metrics;
using AmbiSSL.Torch.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace AmbiSSL;

/// <summary>A trained model: draws masks, saves and loads. Its methods, disposal included, may be called from several threads at once.</summary>
public sealed class SegmentationModel : IDisposable
{
    private readonly MaskSampler _sampler;
    private readonly Device _device;
    private readonly DisposalGate _gate;

    internal SegmentationModel(
        SegmentationOptions options, ImageFormat images, int annotators, IReadOnlyList<string> readers, SegmentationMethod method, Device device)
    {
        Options = options;
        Images = images;
        Annotators = annotators;
        Readers = readers;
        Method = method;
        _device = device;
        Method.to(device);
        _gate = new DisposalGate(Method.Dispose);
        _sampler = new MaskSampler(method, Shape, options.Seed!.Value, device, options.AverageMirrorImages);
        Windows = CreateSampler(options, method, device);
        Answers = new AnswerSettings(Classes);
    }

    // Another model of the same networks.
    private SegmentationModel(SegmentationModel model)
    {
        _device = model._device;
        (Options, Images, Annotators, Readers, TrainedEpochs) = (model.Options, model.Images, model.Annotators, model.Readers, model.TrainedEpochs);
        (Method, _gate, _sampler, Windows) = (model.Method, model._gate, model._sampler, model.Windows);
        (Answers, FeatureRange) = (model.Answers, model.FeatureRange);
    }

    /// <summary>The options it was trained with; the seed is the one that was used.</summary>
    public SegmentationOptions Options { get; private init; }

    /// <summary>
    /// Size of what goes through its networks: of the images that it was trained on and accepts, or of the windows through which it sees images
    /// (<see cref="TrainingOptions.Windows"/>).
    /// </summary>
    public ImageShape Shape => ShapeOf(Options, Images);

    /// <summary>Whether it sees images through windows; it then takes images of any size that its preprocessing leaves.</summary>
    public bool HasWindows => Windows is not null;

    /// <summary>Size, scale of intensities and preprocessing of the images it was trained on, by which others are brought to its size.</summary>
    public ImageFormat Images { get; }

    /// <summary>Number of <see cref="Readers"/>, or, where there are none, the most masks that a training image had.</summary>
    public int Annotators { get; }

    /// <summary>The classes K that its masks tell apart.</summary>
    public MaskClasses Classes => Method.Classes;

    /// <summary>
    /// The names of the annotators whose masks the model draws, in the order of <see cref="AnnotatorMasks"/>. Empty where the method does not
    /// know its annotators apart, and where the training data named nobody: annotators then are ranks, the first whoever drew the largest mask
    /// of an image.
    /// </summary>
    public IReadOnlyList<string> Readers { get; }

    /// <summary>
    /// Epochs after which the weights were taken: with a validation set those with the lowest generalized energy distance on it, otherwise
    /// all.
    /// </summary>
    public int TrainedEpochs { get; internal set; }

    /// <summary>What is done to every mask that the model draws: to each of its <see cref="Classes"/>.</summary>
    /// <value>Of a model that was trained: <see cref="PostProcessing.None"/>.</value>
    public IReadOnlyList<PostProcessing> PostProcessing => Answers.PostProcessing;

    /// <summary>The probability above which a pixel is in the <see cref="Consensus"/>, whatever its class; at least 0, below 1.</summary>
    /// <value>Of a model that was trained: 0.5.</value>
    public double ConsensusThreshold => Answers.ConsensusThreshold;

    /// <summary>
    /// What makes probabilities agree with the shares of readers: the mean p over the samples becomes the logistic function of logit(p) / T. Of
    /// classes that exclude each other, the logits of background and all classes are divided by T. Above 1 it takes certainty away. Sampled masks
    /// and those of annotators do not depend on it.
    /// </summary>
    /// <value>Of a model that was trained: 1, at which probabilities stay what they are.</value>
    public double Temperature => Answers.Temperature;

    /// <summary>Outlines around what is certain and what is possible, with a promise; null where none were chosen.</summary>
    /// <value>Of a model that was trained: null.</value>
    public ConformalOutlines? Outlines => Answers.Outlines;

    /// <summary>Whether the method knows its annotators apart, so that <see cref="AnnotatorMasks"/> can be asked.</summary>
    public bool KnowsAnnotators => Options.KnowsAnnotators;

    /// <summary>
    /// Images that go through the networks together where no other number is asked for: one on a CPU, so that what an image gets depends on it alone, to the
    /// last bit; on a CUDA device, where one image keeps nothing busy, as many as have a million pixels, up to 64.
    /// </summary>
    public int ImagesPerForward => _sampler.ImagesPerForward;

    /// <summary>Number of weights.</summary>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public long ParameterCount
    {
        get
        {
            using var use = _gate.Enter(this);
            return Method.parameters().Sum(parameter => parameter.numel());
        }
    }

    /// <summary>The networks.</summary>
    internal SegmentationMethod Method { get; }

    /// <summary>What it does to its samples and to their mean.</summary>
    internal AnswerSettings Answers { get; init; }

    /// <summary>What the encoder sees of the training images; null where they were too few, or the model sees images through windows.</summary>
    internal FeatureRange? FeatureRange { get; set; }

    private WindowSampler? Windows { get; init; }

    /// <summary>
    /// Brings an image to what <see cref="SampleMasks"/> takes: cropped or resized as the training images were, and its intensities on their scale.
    /// </summary>
    /// <param name="image">The image.</param>
    /// <param name="source">The type in which it was stored before it was resized; null where it has that type.</param>
    /// <returns>C·H·W values in [C, H, W] order.</returns>
    /// <exception cref="InvalidDataException">
    /// Its size or its intensities are not those of images that the model knows; the message says what to do.
    /// </exception>
    public float[] ToInput(ImagePixels image, PixelType? source = null)
    {
        ArgumentNullException.ThrowIfNull(image);
        return Images.ToInput(image, source ?? image.Type);
    }

    /// <summary>
    /// Draws masks for a batch. Those of an image depend on the model, its seed and the image's values alone; to the last bit, where each
    /// image has a forward of its own.
    /// </summary>
    /// <param name="images">[B, C, H, W], as <see cref="ToInput"/> gives them.</param>
    /// <param name="samples">Masks N for each image; the first of them are the same whatever N is.</param>
    /// <param name="masks">
    /// Receives [B, N, K, H, W] for <see cref="Classes"/> K, 1 where a pixel is of the class: where its probability is above one half, or, of several
    /// classes that exclude each other, above that of background and not below that of another; after the <see cref="PostProcessing"/>.
    /// </param>
    /// <param name="probability">
    /// Receives [B, K, H, W], the mean over the samples of the probability of the class, at the model's <see cref="Temperature"/>.
    /// </param>
    /// <param name="uncertainty">
    /// Receives [B, H, W], the entropy of that mean in bits; nothing where it is empty. Of one class it is 0 to 1, of several that exclude each other that of
    /// background and the classes, 0 to log2(K + 1), and of classes that overlap the mean over them, 0 to 1.
    /// </param>
    /// <param name="imagesPerForward">
    /// Most images that are computed together; null for <see cref="ImagesPerForward"/>. With more than one, rounding depends on the images that are computed
    /// together.
    /// </param>
    /// <exception cref="ArgumentException">A length does not fit, or a number is less than 1.</exception>
    /// <exception cref="InvalidOperationException">A probability is no number: the values of an image, or of the weights, are far too large.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public void SampleMasks(
        ReadOnlySpan<float> images,
        int samples,
        Span<byte> masks,
        Span<float> probability,
        Span<float> uncertainty = default,
        int? imagesPerForward = null) => Draw(images, samples, masks, probability, uncertainty, unlikeness: default, imagesPerForward);

    /// <summary>
    /// What <see cref="SampleMasks"/> does, and how unlike the training images each image is, [B], where that is not empty: it takes no encoding of
    /// its own. To the last bit it is <see cref="Unlikeness"/> where each image has a forward of its own.
    /// </summary>
    /// <inheritdoc cref="SampleMasks" path="/param"/>
    internal void Draw(
        ReadOnlySpan<float> images,
        int samples,
        Span<byte> masks,
        Span<float> probability,
        Span<float> uncertainty,
        Span<double> unlikeness,
        int? imagesPerForward)
    {
        using var use = _gate.Enter(this);
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        var together = ImagesTogether(imagesPerForward);
        var pixels = images.Length / Shape.Length * Shape.PixelCount;
        RequireWhole(images);
        RequireLength(masks.Length, pixels * samples * Classes.Count, nameof(masks));
        RequireLength(probability.Length, pixels * Classes.Count, nameof(probability));
        RequireLength(uncertainty.Length, uncertainty.IsEmpty ? 0 : pixels, nameof(uncertainty));
        RequireLength(unlikeness.Length, unlikeness.IsEmpty ? 0 : images.Length / Shape.Length, nameof(unlikeness));
        var range = unlikeness.IsEmpty ? null : FeatureRange;
        var features = new float[range is null ? 0 : unlikeness.Length * range.Means.Length];
        _sampler.Masks(images, samples, together, masks, probability, Temperature == TemperatureScaling.Neutral ? uncertainty : default, features);
        for (var image = 0; image < unlikeness.Length; image++)
        {
            unlikeness[image] = range?.Unlikeness(features.AsSpan(image * range.Means.Length, range.Means.Length)) ?? double.NaN;
        }

        Answers.Scale(probability, Shape.PixelCount);
        if (Temperature != TemperatureScaling.Neutral && !uncertainty.IsEmpty)
        {
            for (var start = 0; start < pixels; start += Shape.PixelCount)
            {
                ClassProbabilities.Entropy(
                    Classes, probability.Slice(start * Classes.Count, Shape.PixelCount * Classes.Count), uncertainty.Slice(start, Shape.PixelCount));
            }
        }

        Answers.Clean(masks, Shape.Size);
    }

    /// <summary>
    /// Draws masks of one image of any size, where the model has windows; else of the size that it takes. Windows share the noise of a sample, so
    /// that each sample is one mask of the whole image. Those of an image depend on the model, its seed and the image's values alone, to the last
    /// bit.
    /// </summary>
    /// <param name="image">[C, H, W], as <see cref="ToInput"/> gives it.</param>
    /// <param name="size">Its height H and width W.</param>
    /// <param name="samples">Masks N; the first of them are the same whatever N is.</param>
    /// <param name="masks">Receives [N, K, H, W] for <see cref="Classes"/> K, as <see cref="SampleMasks"/> gives them.</param>
    /// <param name="probability">Receives [K, H, W], as <see cref="SampleMasks"/> gives it.</param>
    /// <exception cref="ArgumentException">A length does not fit, or a number is less than 1, or the model does not take the size.</exception>
    /// <exception cref="InvalidOperationException">A probability is no number: the values of an image, or of the weights, are far too large.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public void SampleImage(ReadOnlySpan<float> image, ImageSize size, int samples, Span<byte> masks, Span<float> probability)
    {
        if (Windows is null)
        {
            RequireSize(size);
            SampleMasks(image, samples, masks, probability);
            return;
        }

        using var use = _gate.Enter(this);
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        RequireLength(image.Length, Shape.Channels * size.PixelCount, nameof(image));
        RequireLength(masks.Length, samples * Classes.Count * size.PixelCount, nameof(masks));
        RequireLength(probability.Length, Classes.Count * size.PixelCount, nameof(probability));
        Windows.Masks(image, size, samples, masks, probability);
        Answers.Scale(probability, size.PixelCount);
        Answers.Clean(masks, size);
    }

    /// <summary>
    /// Draws masks of an image file of any size and writes them to files, through windows: memory holds a band of rows as high as a window, whatever
    /// the size of a PNG of 8 or 16 bits; other files are read whole. Where the model has <see cref="PostProcessing"/>, it holds one mask at a time
    /// at the end, and where several classes exclude each other, all of the mask's classes. The masks are those of <see cref="SampleImage"/>.
    /// </summary>
    /// <param name="imagePath">The image, upright, with the channels and the type that the model takes.</param>
    /// <param name="files">
    /// Where masks and maps go, of each class where it has a file; N is the number of masks. They are there at the end, all of them, or none is.
    /// </param>
    /// <param name="reading">The largest image that is read; null for the default values.</param>
    /// <param name="progress">Receives the share of the rows that are done.</param>
    /// <param name="cancellation">Ends it at the next row; nothing stays then.</param>
    /// <returns>What the samples measure, and how doubtful they are.</returns>
    /// <exception cref="ArgumentException">
    /// There is no mask to write, there are not as many files as the <see cref="Classes"/> need, or two have one path.
    /// </exception>
    /// <exception cref="InvalidDataException">The file cannot be read, or its channels, type or intensities are not those that the model knows.</exception>
    /// <exception cref="InvalidOperationException">The model has no windows, or takes images of one size.</exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was canceled.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public SampleMeasurements SampleToFiles(
        string imagePath, SampleFiles files, ReadingOptions? reading = null, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(imagePath);
        ArgumentNullException.ThrowIfNull(files);
        var samples = files.Validate(Classes);
        using var use = _gate.Enter(this);
        if (Windows is null || !Images.Shape.IsAnySize)
        {
            throw new InvalidOperationException(
                $"The model does not see images of any size; train one with {nameof(TrainingOptions.Windows)} on images that are neither cropped nor resized.");
        }

        using var image = new FileRows(imagePath, reading, Images.Intensities!);
        if (image.Shape.Channels != Shape.Channels || IntensityCheck.OfType(Images, image.Type) is not null)
        {
            throw new InvalidDataException(
                $"Image file '{imagePath}' has {image.Shape.Channels} channels of {image.Type.InWords()}; "
                + $"the model takes {Shape.Channels} of {Images.Source.InWords()}.");
        }

        // Of classes that exclude each other, post-processing sees all of a mask.
        if (Classes.IsExclusive
            && PostProcessing.Any(own => own != AmbiSSL.PostProcessing.None)
            && (long)Classes.Count * image.Shape.PixelCount > Array.MaxLength)
        {
            throw new InvalidDataException(
                $"Image file '{imagePath}' is {image.Shape.Size} pixels, and a mask of {Classes.Count} classes of it is more than "
                + "post-processing holds in memory; draw it with "
                + $"{nameof(WithPostProcessing)}({nameof(AmbiSSL.PostProcessing)}.{nameof(AmbiSSL.PostProcessing.None)}).");
        }

        var pass = Windows.Samples(image, samples);
        if (IntensityCheck.OfImage(Images, image.Type, image.Range) is { } fault)
        {
            throw new InvalidDataException($"The {fault.Problem} in '{imagePath}'; {fault.Remedy}.");
        }

        using var writer = new SampleFileWriter(files, image.Shape.Size, Answers);
        while (pass.MoveNext())
        {
            cancellation.ThrowIfCancellationRequested();
            writer.Write(pass.Probabilities);
            progress?.Report((pass.Row + 1.0) / image.Shape.Height);
        }

        return writer.Finish();
    }

    /// <summary>
    /// Draws each annotator's own mask for a batch. Those of an image depend on the model, its seed and the image's values alone; to the last
    /// bit, where each image has a forward of its own.
    /// </summary>
    /// <param name="images">[B, C, H, W].</param>
    /// <param name="masks">
    /// Receives [B, A, K, H, W] for <see cref="Annotators"/> A and <see cref="Classes"/> K, 1 where a pixel is of the annotator's class as
    /// <see cref="SampleMasks"/> has it, after the <see cref="PostProcessing"/>.
    /// </param>
    /// <param name="imagesPerForward">
    /// Most images that are computed together; null for <see cref="ImagesPerForward"/>. With more than one, rounding depends on the images that are computed
    /// together.
    /// </param>
    /// <exception cref="ArgumentException">A length does not fit, or a number is less than 1.</exception>
    /// <exception cref="NotSupportedException">The method does not know its annotators apart.</exception>
    /// <exception cref="InvalidOperationException">A probability is no number: the values of an image, or of the weights, are far too large.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public void AnnotatorMasks(ReadOnlySpan<float> images, Span<byte> masks, int? imagesPerForward = null)
    {
        using var use = _gate.Enter(this);
        var together = ImagesTogether(imagesPerForward);
        RequireKnownAnnotators();
        RequireWhole(images);
        RequireLength(masks.Length, images.Length / Shape.Length * Annotators * Classes.Count * Shape.PixelCount, nameof(masks));
        _sampler.AnnotatorMasks(images, together, masks);
        Answers.Clean(masks, Shape.Size);
    }

    /// <summary>Draws each annotator's own mask of one image of any size, where the model has windows; else of the size that it takes.</summary>
    /// <param name="image">[C, H, W], as <see cref="ToInput"/> gives it.</param>
    /// <param name="size">Its height H and width W.</param>
    /// <param name="masks">Receives [A, K, H, W] for <see cref="Annotators"/> A and <see cref="Classes"/> K, after the <see cref="PostProcessing"/>.</param>
    /// <exception cref="ArgumentException">A length does not fit, or the model does not take the size.</exception>
    /// <exception cref="NotSupportedException">The method does not know its annotators apart.</exception>
    /// <exception cref="InvalidOperationException">A probability is no number: the values of an image, or of the weights, are far too large.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public void AnnotatorMasksOfImage(ReadOnlySpan<float> image, ImageSize size, Span<byte> masks)
    {
        if (Windows is null)
        {
            RequireSize(size);
            AnnotatorMasks(image, masks);
            return;
        }

        using var use = _gate.Enter(this);
        RequireKnownAnnotators();
        RequireLength(image.Length, Shape.Channels * size.PixelCount, nameof(image));
        RequireLength(masks.Length, Annotators * Classes.Count * size.PixelCount, nameof(masks));
        Windows.AnnotatorMasks(image, size, masks);
        Answers.Clean(masks, size);
    }

    /// <summary>
    /// What the encoder sees of an image, as one vector: images that look alike to the network lie close together.
    /// </summary>
    /// <param name="image">[C, H, W].</param>
    /// <returns>The mean over the image of each of the encoder's coarsest features.</returns>
    /// <exception cref="ArgumentException">The length does not fit.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public float[] Features(ReadOnlySpan<float> image)
    {
        using var use = _gate.Enter(this);
        RequireLength(image.Length, Shape.Length, nameof(image));
        return _sampler.Features(image);
    }

    /// <summary>
    /// How unlike the training images an image is to the encoder: by how many standard deviations, of the logarithms of its coarsest features averaged over an
    /// image, the most unusual feature is off, in relation to what 99 of a hundred training images stay below, each held out in its turn.
    /// </summary>
    /// <param name="image">[C, H, W], as <see cref="ToInput"/> gives it.</param>
    /// <returns>
    /// At least 0; above 1 the image is to be looked at, whatever the model drew for it. NaN where the model had less than 20 training images or sees images
    /// through windows.
    /// </returns>
    /// <exception cref="ArgumentException">The length does not fit.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public double Unlikeness(ReadOnlySpan<float> image) => FeatureRange is { } range ? range.Unlikeness(Features(image)) : double.NaN;

    /// <summary>The same model with other post-processing. Both share the networks: disposing either ends both.</summary>
    /// <param name="postProcessing">What is done to every mask: one for all <see cref="Classes"/>, or one for each.</param>
    /// <exception cref="ArgumentException">There are more or fewer, or a smallest component is less than 1.</exception>
    public SegmentationModel WithPostProcessing(params IReadOnlyList<PostProcessing> postProcessing)
    {
        ArgumentNullException.ThrowIfNull(postProcessing);
        return With(Answers with { PostProcessing = postProcessing.ForClasses(Classes) });
    }

    /// <summary>The same model with other noise between windows. Both share the networks: disposing either ends both.</summary>
    /// <param name="distance">See <see cref="WindowOptions.CodeDistance"/>; null for one noise all over an image.</param>
    /// <exception cref="ArgumentException">The distance is not positive.</exception>
    /// <exception cref="InvalidOperationException">The model has no windows.</exception>
    public SegmentationModel WithCodeDistance(double? distance)
    {
        if (Options.Training.Windows is not { } windows)
        {
            throw new InvalidOperationException($"The model sees images whole and has no windows; train one with {nameof(TrainingOptions.Windows)}.");
        }

        windows = windows with { CodeDistance = distance };
        windows.Validate();
        var options = Options with { Training = Options.Training with { Windows = windows } };
        return new SegmentationModel(this) { Options = options, Windows = CreateSampler(options, Method, _device) };
    }

    /// <summary>The same model with another threshold of the consensus. Both share the networks: disposing either ends both.</summary>
    /// <param name="threshold">The probability above which a pixel is in the <see cref="Consensus"/>; at least 0, below 1.</param>
    /// <exception cref="ArgumentException">The threshold is out of its range.</exception>
    public SegmentationModel WithConsensusThreshold(double threshold) => With(Answers with { ConsensusThreshold = threshold });

    /// <summary>
    /// The same model with another temperature. Both share the networks: disposing either ends both. The thresholds of the consensus and of the
    /// outlines stay, and mean something else at another temperature: <c>Calibrate</c> chooses all of them together.
    /// </summary>
    /// <param name="temperature">T, above 0.</param>
    /// <exception cref="ArgumentException">The temperature is not above 0, or not finite.</exception>
    public SegmentationModel WithTemperature(double temperature) => With(Answers with { Temperature = temperature });

    /// <summary>The same model with other outlines. Both share the networks: disposing either ends both.</summary>
    /// <param name="outlines">The outlines; null for none.</param>
    /// <exception cref="ArgumentException">A number is out of its range, or there are not thresholds for each of the <see cref="Classes"/>.</exception>
    public SegmentationModel WithOutlines(ConformalOutlines? outlines) => With(Answers with { Outlines = outlines });

    /// <summary>
    /// One mask of an image: the pixels whose probability is above the <see cref="ConsensusThreshold"/>, after the <see cref="PostProcessing"/>. Of
    /// several classes that exclude each other, it is the most probable one, where its odds against background are above those of the threshold.
    /// </summary>
    /// <param name="probability">[B, K, H, W] for <see cref="Classes"/> K, as <see cref="SampleMasks"/> gives it.</param>
    /// <param name="masks">Receives [B, K, H, W], 0 or 1.</param>
    /// <param name="size">Height H and width W; null for those of <see cref="Shape"/>.</param>
    /// <exception cref="ArgumentException">A length does not fit.</exception>
    public void Consensus(ReadOnlySpan<float> probability, Span<byte> masks, ImageSize? size = null)
    {
        var own = size ?? Shape.Size;
        var length = Classes.Count * own.PixelCount;
        RequireLength(probability.Length, probability.Length / length * length, nameof(probability));
        RequireLength(masks.Length, probability.Length, nameof(masks));
        Answers.Consensus(probability, masks, own);
    }

    /// <summary>Writes the model as a safetensors stream, its options in the metadata. The stream stays open and need not seek.</summary>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public void Save(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var use = _gate.Enter(this);
        ModelFile.Write(stream, this);
    }

    /// <summary>SHA-256 of weights and options, 64 hexadecimal digits: equal for equal models, whatever file they are in.</summary>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public string Digest()
    {
        using var hash = SHA256.Create();
        using (var stream = new CryptoStream(Stream.Null, hash, CryptoStreamMode.Write))
        {
            Save(stream);
        }

        return Convert.ToHexString(hash.Hash!).ToLowerInvariant();
    }

    /// <summary>Writes the model to a safetensors file, under a temporary name first.</summary>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public void Save(string path) => AtomicFile.Write(path, Save);

    /// <summary>
    /// Writes the model as an ONNX file, opset 17, which any runtime of ONNX computes with; an existing file is replaced at once or not at all. It
    /// computes with 32 bits, whatever the model's <see cref="SegmentationOptions.Precision"/>, or with integers of 8 where
    /// <see cref="OnnxExportOptions.Int8Images"/> are given.
    /// </summary>
    /// <remarks>
    /// Inputs: <c>image</c> [B, C, H, W] of type float, pixels as they are stored, 0 to 255 where the model was trained on 8 bits, of any height and
    /// width; and <c>noise</c> [B, N, D] of type float, standard normal, which decides the number N of masks, unless it is baked in. Outputs:
    /// <c>masks</c> [B, N, H, W] of 0 and 1, bytes; <c>probability</c> [B, H, W], their probabilities' mean at the model's temperature;
    /// <c>uncertainty</c> [B, H, W], its entropy in bits; and <c>annotator_masks</c> [B, A, H, W] where the method knows its annotators apart. Where
    /// there are several <see cref="Classes"/>, the probability is [B, K, H, W], and masks have class numbers or, where classes overlap, K planes
    /// before the height. Images are not cropped or resized in the graph: the metadata say what was done to the training images.
    /// </remarks>
    /// <param name="path">Path of the file.</param>
    /// <param name="options">Whether the noise is in the file, and the numbers that it computes with; null for the default values.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or there is no image to take ranges from.</exception>
    /// <exception cref="InvalidDataException">An image to take ranges from is not as the model takes it.</exception>
    /// <exception cref="InvalidOperationException">
    /// The weights are larger than an ONNX file can be, or the model averages mirror images; or 8 bits are asked for and features of each
    /// image are normalized by themselves, or not finite.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public void ExportOnnx(string path, OnnxExportOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new OnnxExportOptions();
        options.Validate();
        if (Options.AverageMirrorImages)
        {
            throw new InvalidOperationException(
                $"The model averages over mirror images ({nameof(SegmentationOptions.AverageMirrorImages)}), "
                + "which an ONNX file of it would not; train one without.");
        }

        using var use = _gate.Enter(this);
        using var copy = options.Int8Images is null ? null : Copy();
        AtomicFile.Write(path, stream => OnnxFile.Write(stream, copy ?? this, options));
    }

    /// <summary>Reads what <see cref="Save(Stream)"/> wrote. The caller disposes the model.</summary>
    /// <param name="stream">Read to its end. It need not seek, and stays open.</param>
    /// <param name="name">What error messages call the source.</param>
    /// <param name="device">Where the model computes.</param>
    /// <exception cref="InvalidDataException">The data is cut short, damaged or foreign.</exception>
    public static SegmentationModel Load(Stream stream, string name, ComputeDevice device = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return ModelFile.Read(stream, name, device.Resolve());
    }

    /// <summary>Reads a file that <see cref="Save(string)"/> wrote. The caller disposes the model.</summary>
    /// <exception cref="InvalidDataException">The file is cut short, damaged or foreign.</exception>
    public static SegmentationModel Load(string path, ComputeDevice device = default)
    {
        using var stream = RegularFile.Open(path, "Model file");
        return Load(stream, path, device);
    }

    /// <summary>Frees the weights, once the calls that have begun on other threads have ended; it does not wait for them.</summary>
    public void Dispose() => _gate.Dispose();

    /// <summary>Gives other networks the weights of this model's.</summary>
    /// <exception cref="ArgumentException">They are of another size.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    internal void CopyWeightsTo(SegmentationMethod method)
    {
        using var use = _gate.Enter(this);
        try
        {
            StoredWeights.CopyTo(method, Method.state_dict());
        }
        catch (InvalidDataException exception)
        {
            throw new ArgumentException(
                "The model to start from has networks of another size than the options: "
                + $"{exception.Message} Give the options that it was trained with, such as its backbone.",
                exception);
        }
    }

    /// <summary>Size of what goes through the networks of a model.</summary>
    internal static ImageShape ShapeOf(SegmentationOptions options, ImageFormat images) =>
        options.Training.Windows is { } windows ? images.Shape.WithSize(windows.Size) : images.Shape;

    private SegmentationModel With(AnswerSettings answers)
    {
        answers.Validate();
        return new SegmentationModel(this) { Answers = answers };
    }

    /// <summary>The same model once more, on the CPU and unknown to other threads. The caller disposes it.</summary>
    private SegmentationModel Copy()
    {
        using var stream = new MemoryStream();
        ModelFile.Write(stream, this);
        stream.Position = 0;
        return ModelFile.Read(stream, "A copy of the model", CPU);
    }

    private static WindowSampler? CreateSampler(SegmentationOptions options, SegmentationMethod method, Device device) =>
        options.Training.Windows is { } windows ? new WindowSampler(method, windows, options.Seed!.Value, device, options.AverageMirrorImages) : null;

    private void RequireSize(ImageSize size)
    {
        if (size != Shape.Size)
        {
            throw new ArgumentException(
                $"The image is {size} pixels and the model takes {Shape.Size}; train one with {nameof(TrainingOptions.Windows)} for images of any size.",
                nameof(size));
        }
    }

    private void RequireKnownAnnotators()
    {
        if (!KnowsAnnotators)
        {
            throw new NotSupportedException(
                $"The model was trained with {Options.MethodName}, which does not know its annotators apart; ask for their masks from "
                + $"{GlobalConfusionMatrixOptions.Word}, {PixelConfusionMatrixOptions.Word}, {PiononoOptions.Word} or {DPersonaOptions.Word}.");
        }
    }

    private int ImagesTogether(int? imagesPerForward)
    {
        var together = imagesPerForward ?? ImagesPerForward;
        ArgumentOutOfRangeException.ThrowIfLessThan(together, 1, nameof(imagesPerForward));
        return together;
    }

    private void RequireWhole(ReadOnlySpan<float> images) => RequireLength(images.Length, images.Length / Shape.Length * Shape.Length, nameof(images));

    private static void RequireLength(int actual, int expected, string name)
    {
        if (actual != expected)
        {
            throw new ArgumentException($"{name} has {actual} values; {expected} are needed.", name);
        }
    }
}
