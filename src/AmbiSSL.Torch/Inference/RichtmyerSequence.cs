namespace AmbiSSL.Torch.Inference;

/// <summary>
/// Richtmyer's sequence (<i>The Evaluation of Definite Integrals, and a Quasi-Monte-Carlo Method</i>, 1951): point n is n times the square roots of the
/// first primes, modulo 1. However many of its points are taken, they lie evenly in the unit cube.
/// </summary>
internal static class RichtmyerSequence
{
    /// <summary>The first points [N, D], moved by a shift [D] around the cube: with a random shift each is uniform (Cranley and Patterson, 1976).</summary>
    public static double[] Points(int count, ReadOnlySpan<double> shift) => Points(count, shift, [.. Enumerable.Range(0, shift.Length)]);

    /// <summary>The first points [N, D] where dimension d takes the prime of place <paramref name="primes"/>[d].</summary>
    public static double[] Points(int count, ReadOnlySpan<double> shift, IReadOnlyList<int> primes)
    {
        double[] roots = [.. Primes().Take(primes.DefaultIfEmpty(-1).Max() + 1).Select(prime => Math.Sqrt(prime))];
        double[] steps = [.. primes.Select(place => roots[place])];
        var points = new double[count * shift.Length];
        for (var i = 0; i < points.Length; i++)
        {
            var (n, d) = Math.DivRem(i, shift.Length);
            var moved = (n * steps[d]) + shift[d];
            points[i] = moved - Math.Floor(moved);
        }

        return points;
    }

    private static IEnumerable<int> Primes()
    {
        var found = new List<int>();
        for (var number = 2; ; number++)
        {
            if (found.TakeWhile(prime => prime * prime <= number).All(prime => number % prime != 0))
            {
                found.Add(number);
                yield return number;
            }
        }
    }
}
