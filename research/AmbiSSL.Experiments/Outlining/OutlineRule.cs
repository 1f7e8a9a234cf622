namespace AmbiSSL.Experiments.Outlining;

/// <summary>By which the images are chosen that are outlined next.</summary>
internal enum OutlineRule
{
    /// <summary>By chance.</summary>
    Random,

    /// <summary>Those whose sampled masks lie farthest apart: the model expects experts to disagree.</summary>
    Samples,

    /// <summary>
    /// Those for which models that began from other weights draw other masks: their energy distance, in which doubt that they share does not count.
    /// </summary>
    Models,

    /// <summary>Those that are farthest, in the encoder's features, from all that are outlined or chosen (greedy k-center; Sener and Savarese, 2018).</summary>
    Diversity,
}
