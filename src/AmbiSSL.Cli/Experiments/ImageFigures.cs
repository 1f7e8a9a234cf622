namespace AmbiSSL.Cli.Experiments;

/// <summary>The scores of one image.</summary>
internal sealed record ImageFigures
{
    /// <summary>Name of the image.</summary>
    public required string Id { get; init; }

    /// <summary>The patient.</summary>
    public required string Subject { get; init; }

    /// <summary>Generalized energy distance.</summary>
    public required double Ged { get; init; }

    /// <summary>Soft Dice.</summary>
    public required double DiceSoft { get; init; }

    /// <summary>Dice_max.</summary>
    public required double DiceMax { get; init; }

    /// <summary>Dice_match.</summary>
    public required double DiceMatch { get; init; }

    /// <summary>Mean distance between two samples; NaN for one sample.</summary>
    public required double SampleDiversity { get; init; }

    /// <summary>Mean distance between two experts; NaN for one expert.</summary>
    public required double ExpertDiversity { get; init; }
}
