using System.Text.Json;
using NUnit.Framework;
using TorchSharp;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests;

/// <summary>Moves expected numbers into tensors and holds tensors against them.</summary>
internal static class TorchOracle
{
    /// <summary>The types that every case is run in.</summary>
    public static readonly ScalarType[] Types = [ScalarType.Float64, ScalarType.Float32];

    public static double Tolerance(ScalarType type) => type == ScalarType.Float64 ? 1e-9 : 1e-5;

    public static double GradientTolerance(ScalarType type) => type == ScalarType.Float64 ? 1e-9 : 1e-4;

    /// <summary>What rounding leaves of a difference of numbers near one.</summary>
    private static double Floor(ScalarType type) => type == ScalarType.Float64 ? 1e-15 : 2e-7;

    /// <summary>Every case of a file in every type.</summary>
    public static IEnumerable<TestCaseData> TestCases(string file) =>
        OracleFolder.ReadCases(file).SelectMany((entry, index) => Types.Select(type => new TestCaseData(entry, type)
            .SetArgDisplayNames($"{index}: {(entry.TryGetProperty("name", out var name) ? name.GetString() : "unnamed")}", $"{type}")));

    public static Tensor Tensor(this JsonElement parent, string name, ScalarType type, bool requiresGradient = false) =>
        parent.GetProperty(name).ToTensor(type, requiresGradient);

    public static Tensor ToTensor(this JsonElement element, ScalarType type, bool requiresGradient = false)
    {
        var expected = OracleFolder.ReadTensor(element);
        return tensor(expected.Data, expected.Shape, ScalarType.Float64).to(type).detach().requires_grad_(requiresGradient);
    }

    public static Tensor Indices(this JsonElement parent, string name) =>
        tensor(parent.GetProperty(name).EnumerateArray().Select(value => value.GetInt64()).ToArray());

    /// <summary>Overwrites the parameters of a module by name; every parameter must be there, and no other.</summary>
    public static void LoadParameters(this nn.Module module, JsonElement parameters, ScalarType type)
    {
        module.to(type);
        using var gradients = no_grad();
        var own = module.named_parameters().ToDictionary(pair => pair.name, pair => pair.parameter);
        Assert.That(own.Keys, Is.EquivalentTo(parameters.EnumerateObject().Select(property => property.Name)));
        foreach (var property in parameters.EnumerateObject())
        {
            own[property.Name].copy_(property.Value.ToTensor(type));
        }
    }

    /// <summary>Compares the gradients of all parameters.</summary>
    public static void AssertGradients(this nn.Module module, JsonElement expected, ScalarType type)
    {
        foreach (var (name, parameter) in module.named_parameters())
        {
            AssertClose(parameter.grad!, expected.GetProperty(name), GradientTolerance(type), name);
        }
    }

    public static void AssertClose(Tensor actual, JsonElement expected, double tolerance, string name)
    {
        var (shape, data) = OracleFolder.ReadTensor(expected);
        Assert.That(actual.shape, Is.EqualTo(shape), $"shape of {name}");
        var values = actual.detach().to(ScalarType.Float64).contiguous().data<double>().ToArray();
        var limit = Math.Max(tolerance * data.Max(Math.Abs), Floor(actual.dtype));
        var worst = Enumerable.Range(0, data.Length).MaxBy(i => Math.Abs(values[i] - data[i]));
        Assert.That(values[worst], Is.EqualTo(data[worst]).Within(limit), $"{name}[{worst}]");
    }

    public static void AssertClose(Tensor actual, double expected, double tolerance, string name) =>
        Assert.That(
            actual.to(ScalarType.Float64).item<double>(),
            Is.EqualTo(expected).Within(Math.Max(tolerance * Math.Abs(expected), Floor(actual.dtype))),
            name);
}
