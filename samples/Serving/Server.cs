using AmbiSSL;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.ML;

namespace Serving;

/// <summary>
/// <c>POST /masks</c> takes an image file as the body of the request and answers masks, maps and overlay as JSON; <c>POST /overlay</c> answers the
/// overlay alone as PNG, and <c>POST /heatmap</c> a picture of the uncertainty. <c>GET /health</c> tells whether the model draws. <c>GET /example</c>
/// gives an image for the small model, where that serves.
/// </summary>
public static class Server
{
    private const string Images = nameof(Images);

    /// <summary>Loads or trains the model, and makes the server.</summary>
    public static WebApplication Create(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        var options = builder.Configuration.GetSection("Serving").Get<ServingOptions>() ?? new ServingOptions();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = options.MaximumBytes);
        builder.Services.AddSingleton(_ => new EnginePool(new MLContext(seed: 1), Load(options), options.Engines));
        builder.Services.AddHealthChecks().AddCheck<ModelHealth>("model");
        builder.Services.AddRateLimiter(limiter => limiter
            .AddConcurrencyLimiter(Images, limit => (limit.PermitLimit, limit.QueueLimit) = (options.Requests, 0))
            .OnRejected = (rejected, cancellation) => new ValueTask(
                Results.Problem("Too many requests are under way; try again later.", statusCode: StatusCodes.Status503ServiceUnavailable)
                    .ExecuteAsync(rejected.HttpContext)));
        var server = builder.Build();
        var pool = server.Services.GetRequiredService<EnginePool>();
        var reading = new ReadingOptions { MaximumPixels = options.MaximumPixels };

        server.UseRateLimiter();
        server.MapHealthChecks("/health");
        Map("/masks", (image, drawn, model) => Results.Json(Answer.Of(image, drawn, model)));
        Map("/overlay", (image, drawn, model) => Results.Bytes(Answer.OverlayOf(image, drawn, model), "image/png"));
        Map("/heatmap", (image, drawn, model) => Results.Bytes(Answer.HeatMapOf(image, drawn, model), "image/png"));
        if (options.Model is null)
        {
            server.MapGet("/example", () => Results.Bytes(Answer.Png(stream => PngFile.WriteImage(stream, DemoModel.Example)), "image/png"));
        }

        return server;

        void Map(string path, Func<ImagePixels, Prediction, SegmentationModel, IResult> answer) => server
            .MapPost(path, async (HttpRequest request, CancellationToken cancellation) =>
            {
                try
                {
                    using var body = new MemoryStream();
                    await request.Body.CopyToAsync(body, cancellation);
                    var image = ImagePixels.Decode(body.ToArray(), "request body", reading);
                    using var engine = await pool.RentAsync(cancellation);
                    var drawn = engine.Predict(image);
                    cancellation.ThrowIfCancellationRequested();
                    return answer(image, drawn, pool.Segmentation.Model);
                }
                catch (InvalidDataException exception)
                {
                    return Results.Problem(exception.Message, statusCode: StatusCodes.Status400BadRequest);
                }
                catch (BadHttpRequestException exception)
                {
                    return Results.Problem(exception.Message, statusCode: exception.StatusCode);
                }
            })
            .RequireRateLimiting(Images);
    }

    private static ITransformer Load(ServingOptions options)
    {
        var context = new MLContext(seed: 1);
        if (options.Model is { } path)
        {
            return context.Model.Load(path, out _);
        }

        Console.WriteLine("Training a small model on synthetic lesions; give one of yours with --Serving:Model model.zip.");
        return DemoModel.Train(context);
    }
}
