namespace AmbiSSL;

/// <summary>Who the annotators are that a method learns to imitate.</summary>
public enum AnnotatorIdentity
{
    /// <summary>The same position in every image's set of masks is the same person; every labeled image must have every annotator's mask.</summary>
    Slot,

    /// <summary>Annotators have no identity, as in LIDC: the first is whoever drew the largest mask of the image, and so on.</summary>
    AreaRank,
}
