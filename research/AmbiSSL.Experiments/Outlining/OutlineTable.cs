using System.Text;

namespace AmbiSSL.Experiments.Outlining;

/// <summary>GED over outlined images, a row for each rule, and its difference to random choice on the same seeds.</summary>
internal static class OutlineTable
{
    /// <summary>As Markdown, with 95 % intervals of a bootstrap over seeds.</summary>
    public static string Write(IReadOnlyList<OutlineRow> rows)
    {
        int[] outlined = [.. rows.Select(row => row.Outlined).Distinct().Order()];
        var text = new StringBuilder($"| rule | seeds |{string.Concat(outlined.Select(count => $" {count} outlined |"))} minus random, all but the first |\n");
        text.Append($"|---|---|{string.Concat(outlined.Select(_ => "---|"))}---|\n");
        foreach (var rule in rows.GroupBy(row => row.Rule).OrderBy(rule => rule.Key))
        {
            var seeds = rule.Select(row => row.Seed).Distinct().Count();
            text.Append($"| {rule.Key} | {seeds} |");
            foreach (var count in outlined)
            {
                text.Append($" {Interval(rule.Where(row => row.Outlined == count).Select(row => row.Ged), "F4")} |");
            }

            text.Append(rule.Key == OutlineRule.Random ? " |\n" : $" {Interval(Differences(rows, rule.Key, outlined[0]), "+0.0000;-0.0000")} |\n");
        }

        return text.ToString();
    }

    /// <summary>For each seed, the mean over rounds of the rule's GED minus that of random choice.</summary>
    private static IEnumerable<double> Differences(IReadOnlyList<OutlineRow> rows, OutlineRule rule, int first) =>
        from own in rows
        join other in rows on (own.Seed, own.Outlined) equals (other.Seed, other.Outlined)
        where own.Rule == rule && other.Rule == OutlineRule.Random && own.Outlined > first
        group own.Ged - other.Ged by own.Seed into seed
        select seed.Average();

    private static string Interval(IEnumerable<double> values, string format)
    {
        var interval = ScoreInterval.OverSubjects([.. values.Select(value => (IReadOnlyList<double>)[value])]);
        return FormattableString.Invariant($"{Number(interval.Mean)} ({Number(interval.Low)} to {Number(interval.High)})");
        string Number(double value) => value.ToString(format, System.Globalization.CultureInfo.InvariantCulture);
    }
}
