using System.Text.Json.Nodes;

namespace AmbiSSL.Cli.Output;

/// <summary>The classes of masks in the settings of a folder; of one class nothing is said.</summary>
internal static class ClassesSetting
{
    private const string Names = "classes";
    private const string Overlap = "overlap";

    /// <summary>Says in settings which classes masks have.</summary>
    public static void Add(JsonObject settings, MaskClasses classes)
    {
        if (classes != MaskClasses.One)
        {
            settings[Names] = new JsonArray([.. classes.Names.Select(name => JsonValue.Create(name))]);
            settings[Overlap] = classes.Overlap;
        }
    }

    /// <summary>The classes that settings tell.</summary>
    public static MaskClasses Of(JsonObject settings) => settings[Names] is JsonArray names
        ? new MaskClasses([.. names.Select(name => (string)name!)], (bool)settings[Overlap]!)
        : MaskClasses.One;
}
