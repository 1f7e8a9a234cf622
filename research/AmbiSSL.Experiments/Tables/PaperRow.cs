namespace AmbiSSL.Experiments.Tables;

/// <summary>A row of the paper's Table 1 or 2.</summary>
internal sealed class PaperRow
{
    /// <summary>lidc (Table 1) or isic (Table 2).</summary>
    public required string DataSet { get; init; }

    /// <summary>What a run of the row is named: the method's word, or <c>upper-bound</c>.</summary>
    public required string Method { get; init; }

    /// <summary>Labeled share, 0 to 1.</summary>
    public required double Labeled { get; init; }

    /// <summary>Generalized energy distance.</summary>
    public required double Ged { get; init; }

    /// <summary>Soft Dice in percent.</summary>
    public required double DiceSoft { get; init; }

    /// <summary>Dice_max in percent.</summary>
    public required double DiceMax { get; init; }

    /// <summary>Dice_match in percent.</summary>
    public required double DiceMatch { get; init; }

    /// <summary>The row's value of a figure, as it is printed; null where the paper has none.</summary>
    public double? this[Figure figure] => figure == Figure.Ged ? Ged
        : figure == Figure.DiceSoft ? DiceSoft
        : figure == Figure.DiceMax ? DiceMax
        : figure == Figure.DiceMatch ? DiceMatch
        : null;
}
