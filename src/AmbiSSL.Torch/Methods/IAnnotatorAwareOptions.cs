namespace AmbiSSL;

/// <summary>The options of a method that knows its annotators apart and draws a mask for each.</summary>
public interface IAnnotatorAwareOptions
{
    /// <summary>Who the annotators are.</summary>
    /// <value>The default value is <see cref="AnnotatorIdentity.Slot"/>.</value>
    AnnotatorIdentity AnnotatorIdentity { get; }
}
