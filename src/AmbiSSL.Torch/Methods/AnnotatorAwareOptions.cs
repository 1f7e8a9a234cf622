namespace AmbiSSL;

/// <summary>The options that methods share which know their annotators apart and draw a mask for each.</summary>
public abstract record AnnotatorAwareOptions : SegmentationOptions
{
    /// <summary>Who the annotators are.</summary>
    /// <value>The default value is <see cref="AnnotatorIdentity.Slot"/>.</value>
    public AnnotatorIdentity AnnotatorIdentity { get; init; } = AnnotatorIdentity.Slot;

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        Require(Enum.IsDefined(AnnotatorIdentity), nameof(AnnotatorIdentity), AnnotatorIdentity, "a defined value");
    }
}
