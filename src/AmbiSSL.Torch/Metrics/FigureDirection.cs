namespace AmbiSSL;

/// <summary>Which values of a figure are the better ones.</summary>
public enum FigureDirection
{
    /// <summary>Smaller values are better.</summary>
    Smaller,

    /// <summary>Larger values are better.</summary>
    Larger,

    /// <summary>The value of the experts is best: samples should differ as much as the experts do.</summary>
    LikeExperts,

    /// <summary>None is better: the figure describes the data.</summary>
    None,
}
