using Serving;

await using var server = Server.Create(args);
await server.RunAsync();
