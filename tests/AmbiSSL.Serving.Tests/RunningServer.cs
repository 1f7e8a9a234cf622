using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.ML;
using Serving;

namespace AmbiSSL.Serving.Tests;

/// <summary>The sample on a free port of the loopback address, with a model of 32x32 pixels that is trained for one epoch.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    public const int Side = 32;

    private readonly WebApplication _server;
    private readonly DirectoryInfo _folder;

    private RunningServer(WebApplication server, DirectoryInfo folder)
    {
        (_server, _folder) = (server, folder);
        Client = new HttpClient { BaseAddress = new Uri(server.Urls.Single()) };
    }

    public HttpClient Client { get; }

    public EnginePool Pool => _server.Services.GetRequiredService<EnginePool>();

    /// <summary>Starts it, with settings such as <c>--Serving:Engines=1</c>.</summary>
    public static async Task<RunningServer> Start(params string[] settings)
    {
        var folder = Directory.CreateTempSubdirectory();
        var path = Path.Combine(folder.FullName, "model.zip");
        SaveModel(path);
        var server = Server.Create([$"--Serving:Model={path}", "--urls=http://127.0.0.1:0", "--Logging:LogLevel:Default=Warning", .. settings]);
        await server.StartAsync();
        return new RunningServer(server, folder);
    }

    /// <summary>A synthetic image as the bytes of a PNG file.</summary>
    public static byte[] Png(int index, int side = Side)
    {
        using var stream = new MemoryStream();
        PngFile.WriteImage(stream, Image(index, side));
        return stream.ToArray();
    }

    public static ImagePixels Image(int index, int side = Side) => Lesions(side).Read(index).Pixels;

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _server.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private static SyntheticLesions Lesions(int side) => new(new SyntheticLesionOptions { Images = 8, Height = side, Width = side, Radius = 0.2 });

    private static void SaveModel(string path)
    {
        var context = new MLContext(seed: 1);
        var segmentation = context.AmbiguousSegmentation();
        var data = segmentation.Load(Lesions(Side));
        var options = new SupervisedOptions
        {
            Backbone = new UNetBackbone { Filters = [4, 8] },
            LatentFilters = [4],
            LatentConvolutionsPerBlock = 1,
            Samples = 3,
            Epochs = 1,
            Training = new TrainingOptions { BatchSize = 4 },
        };
        using var model = segmentation.Trainers.Supervised(options).Fit(data);
        context.Model.Save(model, data.Schema, path);
    }
}
