namespace AmbiSSL.Fuzz;

/// <summary>An invariant that a file broke.</summary>
internal sealed class FuzzFailure(string problem) : Exception(problem);
