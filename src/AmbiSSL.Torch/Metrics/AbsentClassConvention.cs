namespace AmbiSSL;

/// <summary>What a class counts for in an image in which neither a sample nor an expert has a pixel of it.</summary>
/// <remarks>
/// A class that experts have and no sample has, or the other way around, counts whatever the convention: its Dice is 0. MONAI's <c>DiceMetric</c> leaves out
/// every class that the annotation lacks, also where the prediction has it, unless its <c>ignore_empty</c> is false.
/// </remarks>
public enum AbsentClassConvention
{
    /// <summary>
    /// It counts as any empty mask does: Dice is 1, and <see cref="EmptyMaskConvention"/> says what the distances are. The default; MONAI's
    /// <c>ignore_empty=False</c>.
    /// </summary>
    Agrees,

    /// <summary>Its figures are NaN, so that it is in no mean over classes or images, as in torchmetrics' <c>DiceScore</c>.</summary>
    LeftOut,
}
