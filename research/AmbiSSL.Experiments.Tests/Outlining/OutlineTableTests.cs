using AmbiSSL.Experiments.Outlining;

namespace AmbiSSL.Experiments.Tests.Outlining;

public sealed class OutlineTableTests
{
    [Test]
    public void Rules_are_compared_with_random_choice_on_the_same_seeds_after_the_first_images()
    {
        // Two seeds that differ by 1, and a rule that is 0.25 lower than chance on both: the means scatter, the difference does not.
        OutlineRow[] rows =
        [
            .. from seed in (int[])[1, 2]
               from rule in (OutlineRule[])[OutlineRule.Random, OutlineRule.Samples]
               from outlined in (int[])[4, 10]
               let gain = rule == OutlineRule.Samples && outlined > 4 ? 0.25 : 0
               select new OutlineRow(rule, seed, outlined, seed - gain, 0),
        ];

        Assert.That(OutlineTable.Write(rows), Is.EqualTo(
            """
            | rule | seeds | 4 outlined | 10 outlined | minus random, all but the first |
            |---|---|---|---|---|
            | Random | 2 | 1.5000 (1.0000 to 2.0000) | 1.5000 (1.0000 to 2.0000) | |
            | Samples | 2 | 1.5000 (1.0000 to 2.0000) | 1.2500 (0.7500 to 1.7500) | -0.2500 (-0.2500 to -0.2500) |

            """));
    }
}
