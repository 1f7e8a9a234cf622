namespace AmbiSSL.Torch.Foundation;

/// <summary>Work that was recorded, and is done again on the same tensors as often as it is replayed.</summary>
internal interface IRecordedWork : IDisposable
{
    /// <summary>Starts the work; the host does not wait for its end.</summary>
    void Replay();
}
