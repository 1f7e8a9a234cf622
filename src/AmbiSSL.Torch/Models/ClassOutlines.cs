namespace AmbiSSL.Torch.Models;

/// <summary>The outlines of one class as a model file tells them: see <see cref="ConformalOutlines"/>.</summary>
/// <param name="Coverage">What both promise.</param>
/// <param name="InnerThreshold">That of the inner outline.</param>
/// <param name="OuterThreshold">That of the outer outline.</param>
internal sealed record ClassOutlines(double Coverage, double InnerThreshold, double OuterThreshold);
