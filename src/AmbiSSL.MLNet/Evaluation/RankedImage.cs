namespace AmbiSSL;

/// <summary>An image that nobody has outlined yet, and what outlining it promises.</summary>
/// <param name="Row">Its position in the data.</param>
/// <param name="Id">Its name: column Id, or its position where there is none.</param>
/// <param name="Subject">Whose it is: column Subject, or its name where there is none.</param>
/// <param name="Score">How far the model expects experts to disagree about it, 0 to 1: the mean of 1 - IoU over pairs of its samples.</param>
public sealed record RankedImage(long Row, string Id, string Subject, double Score);
