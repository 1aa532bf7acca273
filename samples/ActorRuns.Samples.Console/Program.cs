using ActorRuns.Client;
using ActorRuns.Hosting;
using ActorRuns.Runs;
using ActorRuns.Samples;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { Args = args });
builder.Services.AddActorRuns(options => options
    .UseMemory() // Or .UseSqlite("data"), to keep it.
    .AddChatAgent("agent", _ => new SlowModel(TimeSpan.FromMilliseconds(50))));
using var host = builder.Build();
await host.StartAsync(CancellationToken.None);

var threads = host.Services.GetRequiredService<IThreads>();
var thread = await threads.CreateAsync(new NewThread(), CancellationToken.None);
var first = NewRun.Say("agent", "What's the weather in SF?") with { StreamModes = StreamModes.MessagesTuple };
await foreach (var told in threads.StreamAsync(thread.Id, first, CancellationToken.None))
{
    if (told.Name == "messages")
        break; // The first word is there, and the user does not wait for the others.
}

var second = NewRun.Say("agent", "No, in NYC?") with { Strategy = MultitaskStrategy.Interrupt };
var run = await threads.SubmitAsync(thread.Id, second, CancellationToken.None);
var ended = await threads.AwaitEndAsync(thread.Id, run.Id, CancellationToken.None);
foreach (var message in ended.Values.GetProperty("messages").EnumerateArray())
    Console.WriteLine($"{message.GetProperty("type")}: {message.GetProperty("content")}");
await host.StopAsync(CancellationToken.None);
