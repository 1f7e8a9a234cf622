using AmbiSSL.Torch.Networks;
using AmbiSSL.Torch.Onnx;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Methods;

/// <summary>The networks of a method, its loss for one batch, and how it samples masks. The training loop is the same for all.</summary>
internal abstract class SegmentationMethod : nn.Module
{
    /// <param name="name">Name of the module.</param>
    /// <param name="classes">The classes K of a mask.</param>
    protected SegmentationMethod(string name, MaskClasses classes)
        : base(name) => (Classes, Activation) = (classes, new ClassActivation(classes));

    /// <summary>The classes K of a mask.</summary>
    public MaskClasses Classes { get; }

    /// <summary>What its logits are.</summary>
    public ClassActivation Activation { get; }

    /// <summary>The encoder of what predicts.</summary>
    public abstract FeatureEncoder Encoder { get; }

    /// <summary>Whether the batches of this epoch, counted from 0, need unlabeled images.</summary>
    public abstract bool UsesUnlabeled(int epoch);

    /// <summary>
    /// Called before the first step of each epoch, counted from 0, in training mode. Where a run continues inside an epoch it is called
    /// again, and weights and generator are restored after it: what it changes besides must follow from the epoch alone.
    /// </summary>
    public virtual void BeginEpoch(int epoch, Generator generator)
    {
    }

    /// <summary>
    /// The parts of the loss of one batch, each computed when it is asked for, in the caller's dispose scope. Their sum is the loss; parts share
    /// nothing but weights, so that each is propagated, and what its backward pass needs is freed, before the next is computed.
    /// </summary>
    public abstract IEnumerable<LossPart> Step(TrainingBatch batch, StepContext context);

    /// <summary>Whether every part that predicts has begun to learn by the end of this epoch; before that, nothing is validated.</summary>
    public virtual bool CanSampleAfter(int epoch) => true;

    /// <summary>Number of standard normal values that each sample needs.</summary>
    public abstract int NoiseDimensions { get; }

    /// <summary>How this noise is drawn; of no matter where there is none.</summary>
    public virtual CodeSampling CodeSampling => default;

    /// <summary>Number V of noise vectors that <see cref="AnnotatorProbabilities"/> needs; 0 where it needs none.</summary>
    public virtual int AnnotatorNoiseVectors => 0;

    /// <summary>
    /// Probabilities of each annotator's own mask [B, A, K, H, W] for images [B, C, H, W] and standard normal noise [B, V, D].
    /// </summary>
    public virtual Tensor AnnotatorProbabilities(Tensor images, Tensor noise) =>
        throw new NotSupportedException($"{GetName()} does not know its annotators apart.");

    /// <summary>The parameters, in groups with a factor each on the learning rate.</summary>
    public virtual IEnumerable<(IEnumerable<TorchSharp.Modules.Parameter> Parameters, double LearningRateFactor)> ParameterGroups() =>
        [(parameters(), 1)];

    /// <summary>
    /// The epochs, counted from 0, over which the learning rate falls to zero: all of them, unless a method trains in stages.
    /// </summary>
    public virtual (int First, int Count) LearningRateSpan(int epoch, int epochs) => (0, epochs);

    /// <summary>Probabilities of N samples [B, N, K, H, W] for images [B, C, H, W] and standard normal noise [B, N, D].</summary>
    public Tensor Probabilities(Tensor images, Tensor noise)
    {
        using var scope = NewDisposeScope();
        return Probabilities(images, Encoder.Encode(images), noise).MoveToOuterDisposeScope();
    }

    /// <summary>The same for what the <see cref="Encoder"/> sees of the images.</summary>
    public abstract Tensor Probabilities(Tensor images, FeaturePyramid seen, Tensor noise);

    /// <summary>
    /// Writes to a graph what <see cref="Probabilities(Tensor, Tensor)"/> and, where annotators are known apart, <see cref="AnnotatorProbabilities"/>
    /// compute of images [B, C, H, W].
    /// </summary>
    public abstract OnnxProbabilities Export(OnnxGraph graph, OnnxValue images, OnnxNoise noise);

    /// <summary>Computes without gradient and with the running statistics of batch normalization, which stay as they are.</summary>
    protected T InEvaluation<T>(Func<T> compute)
    {
        using var gradients = no_grad();
        var wasTraining = training;
        eval();
        try
        {
            return compute();
        }
        finally
        {
            train(wasTraining);
        }
    }
}
