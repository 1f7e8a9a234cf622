namespace AmbiSSL.Torch.Training;

/// <summary>Where a run stands.</summary>
/// <param name="Epoch">The epoch that is next or under way, from 0; that of the end is the number of epochs.</param>
/// <param name="Step">Steps of it that are done; 0 before the epoch has begun.</param>
internal readonly record struct RunPosition(int Epoch, int Step);
