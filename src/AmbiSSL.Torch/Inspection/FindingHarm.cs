namespace AmbiSSL;

/// <summary>How much something that was found in a data set would hurt.</summary>
public enum FindingHarm
{
    /// <summary>Worth to know; nothing is wrong.</summary>
    Note,

    /// <summary>Probably a fault; have a look.</summary>
    Suspicious,

    /// <summary>A training on this data would stop, learn something wrong, or be measured wrongly.</summary>
    Wrong,
}
