using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Methods;
using NUnit.Framework;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests.Methods;

public sealed class AnnotatorLatentsTests : TorchFixture
{
    [Test]
    public void Divergence_of_two_dimensions_by_hand()
    {
        // L = [2 0; 1 3] gives the covariance [4 2; 2 10] of trace 14 and determinant 36; the prior's is 4 I of determinant 16.
        using var latents = Create(new[,] { { 1.0, -2 } }, new[,,] { { { 2.0, 0 }, { 1, 3 } } });

        var expected = ((14.0 / 4) + ((1 + 4) / 4.0) - 2 + Math.Log(16.0 / 36)) / 2;
        Assert.That(latents.Divergences().item<float>(), Is.EqualTo(expected).Within(1e-6));
    }

    [Test]
    public void Divergence_equals_the_closed_form_of_two_full_covariances()
    {
        const int Annotators = 3;
        const int Dimensions = 8;
        var random = new Random(1);
        var means = new double[Annotators, Dimensions];
        var factors = new double[Annotators, Dimensions, Dimensions];
        for (var a = 0; a < Annotators; a++)
        {
            for (var i = 0; i < Dimensions; i++)
            {
                means[a, i] = (8 * random.NextDouble()) - 4;
                for (var j = 0; j <= i; j++)
                {
                    factors[a, i, j] = i == j ? 0.2 + (3 * random.NextDouble()) : (2 * random.NextDouble()) - 1;
                }
            }
        }

        using var latents = Create(means, factors);

        var divergences = latents.Divergences().data<float>().ToArray();
        for (var a = 0; a < Annotators; a++)
        {
            Assert.That(divergences[a], Is.EqualTo(ClosedForm(means, factors, a, priorVariance: 4)).Within(1e-4));
        }
    }

    [Test]
    public void Divergence_of_the_prior_is_zero()
    {
        using var latents = new AnnotatorLatents(annotators: 4, dimensions: 8, priorDeviation: 2, meanDeviation: 0);

        Assert.That(latents.Divergences().data<float>().ToArray(), Is.All.EqualTo(0f).Within(1e-5));
    }

    [Test]
    public void Codes_have_the_mean_and_the_covariance_of_their_annotator()
    {
        using var latents = Create(new[,] { { 0.0, 0 }, { 1, -2 } }, new[,,] { { { 1.0, 0 }, { 0, 1 } }, { { 2.0, 0 }, { 1, 3 } } });
        using var generator = new Generator(4);

        var codes = latents.Codes(tensor((long[])[1]), randn([1, 400_000, 2], generator: generator)).squeeze(0);

        // L Lᵀ = [4 2; 2 10]; the standard error of the largest entry is 10 · sqrt(2 / 400,000) = 0.022.
        var covariance = codes.t().cov();
        Assert.Multiple(() =>
        {
            Assert.That(codes.mean([0]).data<float>().ToArray(), Is.EqualTo((float[])[1, -2]).Within(0.03));
            Assert.That(covariance.flatten().data<float>().ToArray(), Is.EqualTo((float[])[4, 2, 2, 10]).Within(0.1));
        });
    }

    [Test]
    public void Each_code_belongs_to_the_annotator_that_is_named()
    {
        using var latents = new AnnotatorLatents(annotators: 3, dimensions: 2, priorDeviation: 2, meanDeviation: 8);

        var codes = latents.Codes(tensor((long[])[2, 0, 2]), zeros(3, 4, 2));

        Assert.That(codes.eq(latents.Means[tensor((long[])[2, 0, 2])].unsqueeze(1)).all().item<bool>());
    }

    [Test]
    public void The_factors_diagonal_stays_positive_whatever_is_learned()
    {
        using var latents = new AnnotatorLatents(annotators: 2, dimensions: 4, priorDeviation: 2, meanDeviation: 8);
        using (no_grad())
        {
            latents.get_parameter("factors")!.copy_(randn(2, 4, 4) * 5);
        }

        Assert.Multiple(() =>
        {
            Assert.That(latents.Factors().diagonal(0, 1, 2).gt(0).all().item<bool>());
            Assert.That(latents.Factors().triu(1).eq(0).all().item<bool>());
        });
    }

    private static AnnotatorLatents Create(double[,] means, double[,,] factors)
    {
        var latents = new AnnotatorLatents(means.GetLength(0), means.GetLength(1), priorDeviation: 2, meanDeviation: 8);
        using var gradients = no_grad();
        var triangles = tensor(factors);
        latents.get_parameter("means")!.copy_(tensor(means));
        latents.get_parameter("factors")!.copy_(triangles.tril(-1) + triangles.diagonal(0, 1, 2).log().diag_embed());
        return latents;
    }

    // ½ (tr(Σ₀⁻¹ Σ) + mᵀ Σ₀⁻¹ m - D + log det Σ₀ - log det Σ), the determinant by elimination on Σ = L Lᵀ.
    private static double ClosedForm(double[,] means, double[,,] factors, int annotator, double priorVariance)
    {
        var dimensions = means.GetLength(1);
        var covariance = new double[dimensions, dimensions];
        var sum = 0.0;
        for (var i = 0; i < dimensions; i++)
        {
            for (var j = 0; j < dimensions; j++)
            {
                covariance[i, j] = Enumerable.Range(0, dimensions).Sum(k => factors[annotator, i, k] * factors[annotator, j, k]);
            }

            sum += (covariance[i, i] + (means[annotator, i] * means[annotator, i])) / priorVariance;
        }

        return (sum - dimensions + (dimensions * Math.Log(priorVariance)) - Math.Log(Determinant(covariance))) / 2;
    }

    private static double Determinant(double[,] matrix)
    {
        var (rows, size, determinant) = ((double[,])matrix.Clone(), matrix.GetLength(0), 1.0);
        for (var pivot = 0; pivot < size; pivot++)
        {
            determinant *= rows[pivot, pivot];
            for (var row = pivot + 1; row < size; row++)
            {
                var factor = rows[row, pivot] / rows[pivot, pivot];
                for (var column = pivot; column < size; column++)
                {
                    rows[row, column] -= factor * rows[pivot, column];
                }
            }
        }

        return determinant;
    }
}
