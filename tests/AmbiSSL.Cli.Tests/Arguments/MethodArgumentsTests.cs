using System.CommandLine;
using AmbiSSL.Cli.Arguments;

namespace AmbiSSL.Cli.Tests.Arguments;

public sealed class MethodArgumentsTests
{
    [TestCase(ExpectedResult = ImageCache.DefaultLimitBytes)]
    [TestCase("--cache-limit", "0", ExpectedResult = 0)]
    [TestCase("--cache-limit", "5000000000", ExpectedResult = 5_000_000_000)]
    public long The_limit_of_the_cache_is_that_of_the_options(params string[] arguments) => Run(arguments).CacheLimitBytes;

    [TestCase(ExpectedResult = true)]
    [TestCase("--no-cuda-graphs", ExpectedResult = false)]
    public bool Steps_are_recorded_unless_that_is_turned_off(params string[] arguments) => Run(arguments).UseCudaGraphs;

    private static RunOptions Run(string[] arguments)
    {
        var command = new Command("train");
        var method = new MethodArguments();
        method.AddTo(command);
        return method.Run(command.Parse(arguments));
    }
}
