using System.Globalization;
using System.Text.RegularExpressions;
using AmbiSSL.Torch.Models;
using AmbiSSL.Torch.Tests.Methods;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Models;

/// <summary>The table of names in docs/model-file.md.</summary>
internal sealed partial class WeightDocumentTests
{
    private static readonly BackboneOptions[] Backbones = [new UNetBackbone(), new ResNet34Backbone()];

    [Test]
    public void Every_weight_of_every_method_is_in_one_row_with_its_dimensions_and_no_row_is_of_nothing()
    {
        var rows = Rows();
        var used = new HashSet<string>();
        foreach (var options in RegisteredMethods.Words.SelectMany(
            word => Backbones.Select(backbone => RegisteredMethods.Options(word) with { Backbone = backbone })))
        {
            foreach (var weight in WeightTable.Of(options, TinyData.Shape, annotators: 3, MaskClasses.One))
            {
                var own = rows.Where(row => row.Names.Any(name => name.IsMatch(weight.Name))).ToArray();
                Assert.That(own, Has.Length.EqualTo(1), $"{options.MethodName}: {weight.Name} is in {own.Length} rows");
                Assert.That(own[0].Dimensions, Does.Contain(weight.Shape.Count), $"{options.MethodName}: {weight.Name}");
                used.UnionWith(own[0].Names.Where(name => name.IsMatch(weight.Name)).Select(name => name.ToString()));
            }
        }

        Assert.That(rows.SelectMany(row => row.Names).Select(name => name.ToString()), Is.SubsetOf(used));
    }

    private static (Regex[] Names, int[] Dimensions)[] Rows() =>
    [
        .. from line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "model-file.md"))
           let row = Row().Match(line)
           where row.Success
           let numbers = Numbers().Matches(row.Groups[2].Value).Select(number => int.Parse(number.Value, CultureInfo.InvariantCulture))
           select (Names(row.Groups[1].Value), numbers.ToArray()),
    ];

    // A name that begins with a dot takes the place of the last part of the one before.
    private static Regex[] Names(string cell)
    {
        var names = new List<string>();
        foreach (var name in cell.Split(", ").Select(quoted => quoted.Trim('`')))
        {
            names.Add(name.StartsWith('.') ? names[^1][..names[^1].LastIndexOf('.')] + name : name);
        }

        return
        [
            .. names.Select(name => Regex.Escape(name)
                    .Replace("<n>", @"\d+", StringComparison.Ordinal)
                    .Replace("<t>", "(theta|phi|xi)", StringComparison.Ordinal)
                    .Replace("…", "(weight|bias|running_mean|running_var|num_batches_tracked)", StringComparison.Ordinal))
                .Select(pattern => new Regex($@"^(net\.|second\.)?{pattern}$")),
        ];
    }

    [GeneratedRegex(@"^\| (`(?:enc|dec|seg|prior|proj|latents|mean|log_variance|factors|matrices|annotators)\b[^|]*) \| ([0-9][^|]*) \|")]
    private static partial Regex Row();

    [GeneratedRegex(@"\d")]
    private static partial Regex Numbers();
}
