using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using ActorRuns.Graphs;
using ActorRuns.Hosting;
using ActorRuns.Json;
using ActorRuns.Runs;
using ActorRuns.Server.Hosting;
using ActorRuns.Streams;
using ActorRuns.Threads;
using Akka.Actor;

namespace ActorRuns.Server.Demo;

/// <summary>
/// Plays the scene that the runtime exists for, in one process and on a journal of its own: a question, two seconds
/// later another one that interrupts it, and what is left of both.
/// </summary>
internal static class DemoCommand
{
    private static readonly TimeSpan BeforeSecond = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan AskTimeout = TimeSpan.FromSeconds(30);

    private static readonly ImmutableSortedDictionary<string, JsonElement> NoMetadata =
        ImmutableSortedDictionary.Create<string, JsonElement>(StringComparer.Ordinal);

    /// <summary>Plays the scene and prints it.</summary>
    public static async Task RunAsync(
        Func<string, string?> environment, ILoggerFactory logs, TextWriter output, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("actorruns-demo-");
        try
        {
            var options = ServerOptions.Read(urls: null, data: null, environment) with
            {
                Journal = new JournalPlace.Sqlite(folder.FullName), // Wherever the server has its own.
                UsesModels = false,
            };
            await using var server = await ServerRuntime.StartAsync(options, logs, cancellationToken);
            await PlayAsync(server.Runtime, new ScenePrinter(output), cancellationToken);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task PlayAsync(
        ActorRunsRuntime runtime, ScenePrinter print, CancellationToken cancellationToken)
    {
        var thread = runtime.Ids.NewThreadId();
        await AskAsync<ThreadRead>(runtime, new BeginThread(thread, NoMetadata, MayExist: false), cancellationToken);

        var first = await SubmitAsync(
            runtime, thread, "What's the weather in SF?", MultitaskStrategy.Enqueue, cancellationToken);
        print.Line($"Run 1 asks about San Francisco. Two seconds later the user changes their mind ...");
        await Task.Delay(BeforeSecond, runtime.Time, cancellationToken);

        var sent = Stopwatch.GetTimestamp();
        var second = await SubmitAsync(
            runtime, thread, "What's the weather in NYC?", MultitaskStrategy.Interrupt, cancellationToken);
        var accepted = Stopwatch.GetElapsedTime(sent);
        var stream = (await AskAsync<StreamOpened>(runtime, new OpenStream(thread, second), cancellationToken)).Stream;
        await foreach (var _ in stream.ReadAsync(FrameId.Origin, cancellationToken))
            break;
        var begun = Stopwatch.GetElapsedTime(sent);
        print.Line(string.Create(CultureInfo.InvariantCulture,
            $"Run 2 interrupts run 1: recorded after {accepted.TotalMilliseconds:F1} ms, "
            + $"its first event after {begun.TotalMilliseconds:F1} ms."));
        print.Line("");

        await stream.Outcome.WaitAsync(cancellationToken);
        var ledger = (await AskAsync<ThreadRead>(runtime, new ReadThread(thread), cancellationToken)).Ledger;
        foreach (var message in ledger.Position.Values.MessagesOf(Channels.Messages).Messages)
            print.Message(message);
        print.Line("");
        print.Line($"run 1  {JsonNames.Of(ledger.Runs[first].Status)}");
        print.Line($"run 2  {JsonNames.Of(ledger.Runs[second].Status)}");
        print.Line($"thread {JsonNames.Of(ledger.Status)}");
    }

    private static async Task<RunId> SubmitAsync(
        ActorRunsRuntime runtime,
        ThreadId thread,
        string text,
        MultitaskStrategy strategy,
        CancellationToken cancellationToken)
    {
        var agent = await runtime.Assistants.FindAsync("agent", cancellationToken)
            ?? throw new UnreachableException("The demo has an agent.");
        var request = new RunRequest
        {
            RunId = runtime.Ids.NewRunId(),
            AssistantId = agent.Id,
            GraphId = agent.GraphId,
            Strategy = strategy,
            Input = JsonSerializer.SerializeToElement(
                new { messages = new[] { new { role = "human", content = text } } }),
        };
        var submit = new SubmitRun(thread, request, agent.Metadata, CreatesThread: false);
        return (await AskAsync<RunAccepted>(runtime, submit, cancellationToken)).Run.Id;
    }

    private static async Task<T> AskAsync<T>(
        ActorRunsRuntime runtime, IThreadMessage message, CancellationToken cancellationToken)
    {
        var answer = await runtime.Threads.Ask<object>(message, AskTimeout).WaitAsync(cancellationToken);
        return answer is T expected
            ? expected
            : throw new UnreachableException($"{message.GetType().Name} was answered by {answer}.");
    }
}
