using System.CommandLine;
using AmbiSSL.Cli.Arguments;

namespace AmbiSSL.Cli.Tests.Arguments;

public sealed class MethodArgumentsTests
{
    [TestCase(ExpectedResult = ImageCache.DefaultLimitBytes)]
    [TestCase("--cache-limit", "0", ExpectedResult = 0)]
    [TestCase("--cache-limit", "5000000000", ExpectedResult = 5_000_000_000)]
    public long The_limit_of_the_cache_is_that_of_the_options(params string[] arguments)
    {
        var command = new Command("train");
        var method = new MethodArguments();
        method.AddTo(command);

        return method.Run(command.Parse(arguments)).CacheLimitBytes;
    }
}
