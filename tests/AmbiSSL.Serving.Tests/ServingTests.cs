using System.Net;
using System.Net.Http.Json;
using NUnit.Framework;
using Serving;
using TorchSharp;

namespace AmbiSSL.Serving.Tests;

/// <summary>Eight clients and the sample, over loopback.</summary>
[FixtureLifeCycle(LifeCycle.SingleInstance)]
public sealed class ServingTests
{
    private const int Clients = 8;

    private RunningServer _server = null!;

    [OneTimeSetUp]
    public async Task Start() => _server = await RunningServer.Start("--Serving:Engines=2", "--Serving:MaximumBytes=65536", "--Serving:MaximumPixels=10000");

    [OneTimeTearDown]
    public async Task Stop() => await _server.DisposeAsync();

    [Test]
    public async Task Eight_clients_get_for_each_image_what_the_model_gives_when_it_is_called_directly()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Answers(client, 5)));

        for (var index = 0; index < 5; index++)
        {
            var (masks, probability) = Direct(RunningServer.Image(index));
            foreach (var answer in answers.Select(own => own[index]))
            {
                Assert.That((answer.Height, answer.Width), Is.EqualTo((RunningServer.Side, RunningServer.Side)));
                Assert.That(
                    answer.Masks.Select(Values<byte>),
                    Is.EqualTo(masks.Chunk(masks.Length / 3).Select(mask => mask.Select(value => (byte)(255 * value)))));
                Assert.That(Values<ushort>(answer.Probability), Is.EqualTo(probability.Select(value => (ushort)MathF.Round(65535 * value))));
                Assert.That(answer.Uncertainty, Is.EqualTo(answers[0][index].Uncertainty));
                Assert.That(answer.Overlay, Is.EqualTo(answers[0][index].Overlay));
            }
        }
    }

    [TestCase("/overlay", 512)]
    [TestCase("/heatmap", 593)]
    public async Task Contours_and_uncertainty_are_pictures_too(string path, int width)
    {
        using var response = await Post(path, RunningServer.Png(0));

        Assert.That(response.Content.Headers.ContentType?.MediaType, Is.EqualTo("image/png"));
        var picture = ImagePixels.Decode(await response.Content.ReadAsByteArrayAsync(), path);
        Assert.That(picture.Shape, Is.EqualTo(new ImageShape(3, 512, width)));
    }

    /// <summary>Tensors are counted; of what else there is, an overlay that was kept of each request would be 120 MB.</summary>
    [Test]
    public async Task Memory_is_flat_after_a_warm_up()
    {
        Task Round() => Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Answers(client, 15)));
        await Round();
        await Round();
        var (memory, tensors) = (Memory(), torch.Tensor.TotalCount);

        await Round();

        Assert.That(Memory() - memory, Is.LessThan(12 << 20));
        Assert.That(torch.Tensor.TotalCount, Is.EqualTo(tensors));
        Assert.That(_server.Pool.Free, Is.EqualTo(2));
    }

    [Test]
    public async Task A_healthy_model_says_so()
    {
        using var response = await _server.Client.GetAsync("/health");

        Assert.That((response.StatusCode, await response.Content.ReadAsStringAsync()), Is.EqualTo((HttpStatusCode.OK, "Healthy")));
    }

    [Test]
    public async Task What_is_no_image_is_a_bad_request_and_the_answer_says_why() => await Refused(
        "hello"u8.ToArray(), HttpStatusCode.BadRequest, "Image file 'request body' cannot be read: it begins as neither a PNG nor a JPEG does");

    [Test]
    public async Task A_body_that_is_cut_off_is_a_bad_request() => await Refused(
        RunningServer.Png(0)[..^40], HttpStatusCode.BadRequest, "Image file 'request body' cannot be read: it ends too early");

    [Test]
    public async Task An_image_of_another_size_is_a_bad_request() => await Refused(
        RunningServer.Png(0, side: 40), HttpStatusCode.BadRequest, "The image is 40x40 pixels (height x width); the model takes 32x32 alone.");

    [Test]
    public async Task An_image_of_16_bits_is_a_bad_request()
    {
        using var stream = new MemoryStream();
        PngFile.WriteMap(stream, new ImageSize(RunningServer.Side, RunningServer.Side), new float[RunningServer.Side * RunningServer.Side]);

        await Refused(stream.ToArray(), HttpStatusCode.BadRequest, "The image has 16 bits a channel");
    }

    [Test]
    public async Task A_small_file_of_many_pixels_is_a_bad_request()
    {
        using var stream = new MemoryStream();
        PngFile.WriteMask(stream, new ImageSize(200, 200), new byte[40_000]);

        await Refused(stream.ToArray(), HttpStatusCode.BadRequest, "Image file 'request body' is 200x200 pixels (height x width), more than the 10000");
    }

    [Test]
    public async Task A_body_beyond_the_limit_is_too_large() =>
        await Refused(new byte[65_537], HttpStatusCode.RequestEntityTooLarge, "Request body too large. The max request body size is 65536 bytes.");

    private static byte[] Body(int index) => RunningServer.Png(index % 5);

    private static T[] Values<T>(byte[] png)
        where T : unmanaged => [.. ImagePixels.Decode(png, "answer").Values<T>()];

    /// <summary>Of the whole process, and so of native code too.</summary>
    private static long Memory()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return Environment.WorkingSet;
    }

    /// <summary>The masks and the probability without server, pool and engine.</summary>
    private (byte[] Masks, float[] Probability) Direct(ImagePixels image)
    {
        var model = _server.Pool.Segmentation.Model;
        var (masks, probability) = (new byte[3 * image.Shape.PixelCount], new float[image.Shape.PixelCount]);
        model.SampleMasks(image.ToFloats(), 3, masks, probability);
        return (masks, probability);
    }

    private async Task<Answer[]> Answers(int client, int count)
    {
        var answers = new Answer[count];
        for (var i = 0; i < count; i++)
        {
            // Each client begins with another image.
            var index = (client + i) % count;
            using var response = await Post("/masks", Body(index));
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            answers[index] = (await response.Content.ReadFromJsonAsync<Answer>())!;
        }

        return answers;
    }

    private async Task Refused(byte[] body, HttpStatusCode status, string sentence)
    {
        using var response = await Post("/masks", body);

        var problem = await response.Content.ReadFromJsonAsync<Problem>();
        Assert.That(response.StatusCode, Is.EqualTo(status));
        Assert.That(problem?.Detail, Does.StartWith(sentence));
    }

    private Task<HttpResponseMessage> Post(string path, byte[] body) => _server.Client.PostAsync(path, new ByteArrayContent(body));

    private sealed record Problem(string Detail);
}
