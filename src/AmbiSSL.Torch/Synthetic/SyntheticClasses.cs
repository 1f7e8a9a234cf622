namespace AmbiSSL;

/// <summary>Which classes the masks of <see cref="SyntheticLesions"/> have.</summary>
public enum SyntheticClasses
{
    /// <summary>One: the lesion.</summary>
    One,

    /// <summary>Two that exclude each other: <c>core</c>, which is darker, and <c>rim</c>, what else is of the lesion.</summary>
    CoreAndRim,

    /// <summary>Two that overlap where they meet: a <c>solid</c> lesion and a <c>striped</c> one, each image having both.</summary>
    TwoKinds,

    /// <summary>
    /// Three that exclude each other: <c>core</c> and <c>rim</c> of a solid lesion, and a <c>striped</c> lesion, which is below the solid one where they meet.
    /// </summary>
    CoreRimAndStriped,
}
