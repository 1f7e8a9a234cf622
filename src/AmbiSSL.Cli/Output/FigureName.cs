using System.Text.Json;

namespace AmbiSSL.Cli.Output;

/// <summary>What JSON and CSV files call figures.</summary>
internal static class FigureName
{
    /// <summary>The figure's name with a small letter, such as <c>diceSoft</c>.</summary>
    public static string Of(Figure figure) => JsonNamingPolicy.CamelCase.ConvertName(figure.Name);
}
