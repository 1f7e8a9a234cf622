using Microsoft.ML.Runtime;

namespace AmbiSSL.MLNet.Scoring;

/// <summary>A trained model that several transformers share: whichever is disposed ends it, and says so to the others.</summary>
/// <param name="model">The model, which is owned from now on.</param>
internal sealed class SharedModel(SegmentationModel model) : IDisposable
{
    private volatile bool _isDisposed;
    private long _calls;
    private long _annotatorCalls;

    /// <summary>The model.</summary>
    public SegmentationModel Model { get; } = model;

    /// <summary>Size, scale and preprocessing of the images that the model takes; known after disposal too.</summary>
    public ImageFormat Images { get; } = model.Images;

    /// <summary>Size of what goes through the networks: of the images, or of windows.</summary>
    public ImageShape Shape { get; } = model.Shape;

    /// <summary>Whether it sees images through windows.</summary>
    public bool HasWindows { get; } = model.HasWindows;

    /// <summary>The classes that its masks tell apart.</summary>
    public MaskClasses Classes { get; } = model.Classes;

    /// <summary>The options that the model was trained with; known after disposal too.</summary>
    public SegmentationOptions Options { get; } = model.Options;

    /// <summary>Number of annotators A whose masks the model draws; 0 where it does not know them apart.</summary>
    public int KnownAnnotators { get; } = model.KnowsAnnotators ? model.Annotators : 0;

    /// <summary>Their names; empty where they are ranks by area.</summary>
    public IReadOnlyList<string> Readers { get; } = model.Readers;

    /// <summary>Outlines around what is certain and what is possible; null where there are none.</summary>
    public ConformalOutlines? Outlines { get; } = model.Outlines;

    /// <summary>How often <see cref="SampleMasks"/> was called.</summary>
    public long Calls => Interlocked.Read(ref _calls);

    /// <summary>How often <see cref="AnnotatorMasks"/> was called.</summary>
    public long AnnotatorCalls => Interlocked.Read(ref _annotatorCalls);

    /// <summary>Draws masks for a batch of images.</summary>
    /// <param name="context">Marks the errors.</param>
    /// <param name="images">Images [B, C, H, W].</param>
    /// <param name="samples">Masks N for each.</param>
    /// <param name="masks">Receives [B, N, K, H, W], 0 or 1.</param>
    /// <param name="probability">Receives [B, K, H, W], the mean over the samples.</param>
    /// <param name="uncertainty">Receives [B, H, W], the entropy of the mean, or is empty.</param>
    /// <param name="unlikeness">Receives [B], how unlike the training images each is, or is empty.</param>
    /// <param name="imagesPerForward">Most images that are computed together.</param>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public void SampleMasks(
        IExceptionContext context,
        ReadOnlySpan<float> images,
        int samples,
        Span<byte> masks,
        Span<float> probability,
        Span<float> uncertainty,
        Span<double> unlikeness,
        int imagesPerForward)
    {
        ThrowIfDisposed(context);
        Interlocked.Increment(ref _calls);
        try
        {
            Model.Draw(images, samples, masks, probability, uncertainty, unlikeness, imagesPerForward);
        }
        catch (ObjectDisposedException)
        {
            throw Disposed(context);
        }
    }

    /// <summary>Draws masks of an image of any size.</summary>
    /// <param name="context">Marks the errors.</param>
    /// <param name="image">[C, H, W].</param>
    /// <param name="size">Its height and width.</param>
    /// <param name="samples">Masks N.</param>
    /// <param name="masks">Receives [N, K, H, W], 0 or 1.</param>
    /// <param name="probability">Receives [K, H, W], the mean over the samples.</param>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public void SampleImage(IExceptionContext context, ReadOnlySpan<float> image, ImageSize size, int samples, Span<byte> masks, Span<float> probability)
    {
        ThrowIfDisposed(context);
        Interlocked.Increment(ref _calls);
        try
        {
            Model.SampleImage(image, size, samples, masks, probability);
        }
        catch (ObjectDisposedException)
        {
            throw Disposed(context);
        }
    }

    /// <summary>Draws each annotator's own mask of an image of any size.</summary>
    /// <param name="context">Marks the errors.</param>
    /// <param name="image">[C, H, W].</param>
    /// <param name="size">Its height and width.</param>
    /// <param name="masks">Receives [A, K, H, W], 0 or 1.</param>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public void AnnotatorMasksOfImage(IExceptionContext context, ReadOnlySpan<float> image, ImageSize size, Span<byte> masks)
    {
        ThrowIfDisposed(context);
        Interlocked.Increment(ref _annotatorCalls);
        try
        {
            Model.AnnotatorMasksOfImage(image, size, masks);
        }
        catch (ObjectDisposedException)
        {
            throw Disposed(context);
        }
    }

    /// <summary>Draws each annotator's own mask for a batch of images.</summary>
    /// <param name="context">Marks the errors.</param>
    /// <param name="images">Images [B, C, H, W].</param>
    /// <param name="masks">Receives [B, A, K, H, W], 0 or 1.</param>
    /// <param name="imagesPerForward">Most images that are computed together.</param>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public void AnnotatorMasks(IExceptionContext context, ReadOnlySpan<float> images, Span<byte> masks, int imagesPerForward)
    {
        ThrowIfDisposed(context);
        Interlocked.Increment(ref _annotatorCalls);
        try
        {
            Model.AnnotatorMasks(images, masks, imagesPerForward);
        }
        catch (ObjectDisposedException)
        {
            throw Disposed(context);
        }
    }

    /// <summary>How unlike the training images an image is.</summary>
    /// <param name="context">Marks the errors.</param>
    /// <param name="image">[C, H, W].</param>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public double Unlikeness(IExceptionContext context, ReadOnlySpan<float> image)
    {
        ThrowIfDisposed(context);
        try
        {
            return HasWindows ? double.NaN : Model.Unlikeness(image);
        }
        catch (ObjectDisposedException)
        {
            throw Disposed(context);
        }
    }

    /// <summary>Checks that the model can still be used.</summary>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public void ThrowIfDisposed(IExceptionContext context)
    {
        if (_isDisposed)
        {
            throw Disposed(context);
        }
    }

    public void Dispose()
    {
        _isDisposed = true;
        Model.Dispose();
    }

    private static ObjectDisposedException Disposed(IExceptionContext context) =>
        context.Process(new ObjectDisposedException(
            nameof(AmbiguousSegmentationTransformer),
            "The segmentation model was disposed; a PredictionEngine disposes the transformer that it was made from, unless "
            + "PredictionEngineOptions.OwnsTransformer is false."));
}
