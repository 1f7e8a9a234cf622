using static TorchSharp.torch;

namespace AmbiSSL.Torch.Foundation;

/// <summary>
/// libtorch's global generator, from which networks draw their first weights: one thread at a time makes networks, and others find the generator as it was.
/// </summary>
internal static class GlobalGenerator
{
    private static readonly object InUse = new();

    /// <summary>Makes networks.</summary>
    /// <typeparam name="T">What is made.</typeparam>
    /// <param name="make">Draws from the generator.</param>
    /// <param name="seed">From where it begins; null where nothing depends on what is drawn.</param>
    public static T Lend<T>(Func<T> make, int? seed = null)
    {
        TorchRuntime.EnsureLoaded();
        lock (InUse)
        {
            // TorchSharp's layers leave tensors behind while they are made; the weights themselves outlive the scope.
            using var scope = NewDisposeScope();
            using var generator = Generator.Default;
            using var state = generator.get_state();
            try
            {
                if (seed is { } start)
                {
                    random.manual_seed(start);
                }

                return make();
            }
            finally
            {
                generator.set_state(state);
            }
        }
    }
}
