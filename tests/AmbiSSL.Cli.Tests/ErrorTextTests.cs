namespace AmbiSSL.Cli.Tests;

internal sealed class ErrorTextTests
{
    [TestCase("negative dimension -5\nException raised from check_size at EmptyTensor.h:8:\nframe #0: c10::Error", "negative dimension -5")]
    [TestCase("one line\nand another", "one line and another")]
    public void Frames_of_native_code_are_left_out(string message, string text) =>
        Assert.That(ErrorText.Of(new InvalidOperationException(message)), Is.EqualTo(text));

    [Test]
    public void Memory_that_is_not_there_is_told_with_a_remedy()
    {
        Exception[] exceptions =
        [
            new OutOfMemoryException(),
            new InvalidOperationException(
                "[enforce fail at alloc_cpu.cpp:127] err == 0. DefaultCPUAllocator: can't allocate memory: you tried to allocate 77309411292 bytes."),
        ];
        Assert.That(
            exceptions.Select(ErrorText.Of),
            Has.All.EqualTo("There is not enough memory; free some, or give smaller images, batches or networks, or fewer samples."));
    }
}
