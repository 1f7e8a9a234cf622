using System.Text.Json;
using AmbiSSL.Torch.Methods;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests.Methods;

/// <summary>One training step of a tiny AmbiSSL with every random draw given, and the numbers that are expected of it.</summary>
/// <param name="Name">Name of the preset.</param>
/// <param name="Preset">Its options, but for what <paramref name="Inputs"/> and <paramref name="Expected"/> set.</param>
/// <param name="Inputs">Images, masks, weights and draws.</param>
/// <param name="Expected">Weights of the terms, terms and gradients; also the draws that <paramref name="Inputs"/> lacks.</param>
public sealed record AmbiSSLStepOracle(string Name, AmbiSSLOptions Preset, JsonElement Inputs, JsonElement Expected)
{
    private const string PublishedFile = "ambissl_step.json";
    private const string RecommendedFile = "ambissl_step_recommended.json";

    public static readonly AmbiSSLStepOracle Published = new(
        nameof(Published),
        AmbiSSLOptions.Published with { SortsMasks = false },
        OracleFolder.Read(PublishedFile),
        OracleFolder.Read(PublishedFile));

    /// <summary>Made for the inputs beside the tests, whatever folder is chosen.</summary>
    public static readonly AmbiSSLStepOracle Recommended = new(
        nameof(Recommended),
        AmbiSSLOptions.Recommended,
        OracleFolder.Read(OracleFolder.BesideTests, PublishedFile),
        OracleFolder.Read(OracleFolder.BesideTests, RecommendedFile));

    public static readonly AmbiSSLStepOracle[] Presets = [Published, Recommended];

    /// <summary>Weight of a term, or of a part of the total.</summary>
    public double Weight(string name) => OracleFolder.ReadOptional(Expected.GetProperty("cfg"), name) ?? 0;

    /// <inheritdoc/>
    public override string ToString() => Name;

    internal AmbiSSLMethod CreateMethod(ScalarType type)
    {
        var parameters = Inputs.GetProperty("params");
        int[] filters = [.. parameters.EnumerateObject()
            .Where(
                parameter => parameter.Name.StartsWith("enc.blocks.", StringComparison.Ordinal) && parameter.Name.EndsWith(".bias", StringComparison.Ordinal))
            .GroupBy(parameter => parameter.Name.Split('.')[2], parameter => parameter.Value.GetProperty("shape")[0].GetInt32())
            .Select(block => block.First())];
        var options = Preset with
        {
            Backbone = new UNetBackbone { Filters = filters, ConvolutionsPerBlock = 2, BatchNormalization = false },
            LatentFilters = filters,
            LatentConvolutionsPerBlock = 2,
            LatentDimensions = parameters.GetProperty("prior.head.bias").GetProperty("shape")[0].GetInt32() / 2,
            BoundSamples = Inputs.GetProperty("noise").GetProperty("eps_prior").GetProperty("shape")[0].GetInt32(),
            AlphaLabeled = Weight("alpha_l"),
            AlphaUnlabeled = Weight("alpha_u"),
            Beta = Weight("beta"),
            EnergyWeight = Weight("energy"),
            WeightRegularization = Weight("reg"),
            PruneFromBlock = 1,
        };
        var image = Inputs.GetProperty("x_l").GetProperty("shape");
        var method = new AmbiSSLMethod(
            options,
            new ImageShape(image[1].GetInt32(), image[2].GetInt32(), image[3].GetInt32()),
            Inputs.GetProperty("Y").GetProperty("shape")[1].GetInt32(),
            MaskClasses.One);
        method.LoadParameters(parameters, type);
        return method;
    }

    internal (LossPart Supervised, LossPart Unsupervised) Parts(AmbiSSLMethod method, ScalarType type)
    {
        var (noise, index) = (Inputs.GetProperty("noise"), Inputs.GetProperty("idx"));
        var energy = Expected.GetProperty("noise").TryGetProperty("eps_energy", out var drawn) ? drawn.ToTensor(type) : null;
        var pasted = Expected.TryGetProperty("pasted", out var mask) ? mask.ToTensor(ScalarType.Bool).unsqueeze(2) : null;
        var labeled = new LabeledDraws(noise.Tensor("eps_post", type), noise.Tensor("eps_prior", type), index.Indices("y_rand"), energy);
        var unlabeled = new UnlabeledDraws(
            noise.Tensor("u_pseudo", type),
            [noise.Tensor("u_phi", type), noise.Tensor("u_xi", type)],
            [index.Indices("r_phi"), index.Indices("r_xi")]);
        var batch = new TrainingBatch(
            Inputs.Tensor("x_l", type), Inputs.Tensor("Y", type).unsqueeze(2), Inputs.Tensor("x_u_weak", type), Inputs.Tensor("x_u_strong", type), pasted);
        var parts = method.Step(batch, method.Labels.Branches, labeled, unlabeled, Weight("mu")).ToArray();
        return (parts[0], parts[1]);
    }
}
