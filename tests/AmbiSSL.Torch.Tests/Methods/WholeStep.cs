using AmbiSSL.Torch.Methods;

namespace AmbiSSL.Torch.Tests.Methods;

/// <summary>A step whose parts are not propagated one by one.</summary>
internal static class WholeStep
{
    /// <summary>The sum of all parts with all terms, in the caller's dispose scope.</summary>
    public static LossPart Whole(this SegmentationMethod method, TrainingBatch batch, StepContext context)
    {
        var parts = method.Step(batch, context).ToArray();
        return new LossPart(
            parts.Skip(1).Aggregate(parts[0].Total, (total, part) => total + part.Total), [.. parts.SelectMany(part => part.Terms)]);
    }
}
