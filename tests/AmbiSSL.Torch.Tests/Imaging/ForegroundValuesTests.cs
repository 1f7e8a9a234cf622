using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Imaging;

[TestFixture]
internal sealed class ForegroundValuesTests
{
    [TestCase("")]
    [TestCase("1,")]
    [TestCase("-1")]
    [TestCase("65536")]
    [TestCase("1.5")]
    [TestCase("NonZero")]
    [TestCase("#FF")]
    [TestCase("#GG0000")]
    [TestCase("red")]
    [TestCase("1;2")]
    public void What_names_no_value_is_refused(string text) =>
        Assert.That(() => ForegroundValues.Parse(text), Throws.ArgumentException.With.Message.Contains($"'{text}' names no foreground"));

    [TestCase("nonzero")]
    [TestCase("at-least-half")]
    [TestCase("1,#FF0000")]
    public void Text_returns(string text) => Assert.That(ForegroundValues.Parse(text).ToString(), Is.EqualTo(text));

    [Test]
    public void No_value_at_all_is_refused() => Assert.That(() => ForegroundValues.Of(), Throws.ArgumentException);
}
