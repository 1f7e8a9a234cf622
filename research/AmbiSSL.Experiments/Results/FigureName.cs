using System.Text.Json;

namespace AmbiSSL.Experiments.Results;

/// <summary>What the tables call figures.</summary>
internal static class FigureName
{
    /// <summary>The figure's name with a small letter, such as <c>diceSoft</c>.</summary>
    public static string Of(Figure figure) => JsonNamingPolicy.CamelCase.ConvertName(figure.Name);
}
