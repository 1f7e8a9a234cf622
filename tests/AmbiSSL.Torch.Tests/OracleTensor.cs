namespace AmbiSSL.Torch.Tests;

/// <summary>A tensor of expected numbers.</summary>
/// <param name="Shape">The size of each dimension.</param>
/// <param name="Data">The values, row-major; NaN where none was given.</param>
public sealed record OracleTensor(long[] Shape, double[] Data);
