namespace AmbiSSL.Torch.Networks;

/// <summary>What a processor does with several floats at once.</summary>
/// <typeparam name="TVector">As many floats as it takes.</typeparam>
internal interface ILaneOperations<TVector>
    where TVector : struct
{
    static abstract int Count { get; }

    static abstract TVector Load(ref float source);

    static abstract void Store(TVector vector, ref float destination);

    static abstract TVector Broadcast(float value);

    static abstract TVector Add(TVector left, TVector right);

    /// <summary>The larger of each pair; the right one where either is not a number.</summary>
    static abstract TVector Max(TVector left, TVector right);

    /// <summary>left * right + addend, rounded once.</summary>
    static abstract TVector MultiplyAdd(TVector left, TVector right, TVector addend);
}
