using System.Net;
using NUnit.Framework;

namespace AmbiSSL.Serving.Tests;

/// <summary>What becomes of requests while the one engine is at work for another.</summary>
public sealed class BusyServerTests
{
    // In milliseconds.
    private const int Patience = 20_000;
    private const int PollingInterval = 20;

    [Test]
    public async Task Who_gives_up_waiting_makes_place_for_others_and_takes_no_engine_along()
    {
        await using var server = await RunningServer.Start("--Serving:Engines=1", "--Serving:Requests=1");
        using var giveUp = new CancellationTokenSource();
        using (await server.Pool.RentAsync(CancellationToken.None))
        {
            var waiting = Post(server, giveUp.Token);
            Assert.That(() => server.Pool.Waiting, Is.EqualTo(1).After(Patience, PollingInterval));
            using var refused = await Post(server);
            Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
            Assert.That(await refused.Content.ReadAsStringAsync(), Does.Contain("Too many requests are under way; try again later."));

            await giveUp.CancelAsync();

            Assert.That(async () => await waiting, Throws.InstanceOf<OperationCanceledException>());
            Assert.That(() => server.Pool.Waiting, Is.EqualTo(0).After(Patience, PollingInterval));
        }

        using var answered = await Post(server);
        Assert.That((answered.StatusCode, server.Pool.Free), Is.EqualTo((HttpStatusCode.OK, 1)));
    }

    private static Task<HttpResponseMessage> Post(RunningServer server, CancellationToken cancellation = default) =>
        server.Client.PostAsync("/overlay", new ByteArrayContent(RunningServer.Png(0)), cancellation);
}
