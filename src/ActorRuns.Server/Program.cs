using System.CommandLine;
using System.Globalization;
using ActorRuns.Models;
using ActorRuns.Models.Mcp;
using ActorRuns.Server.Demo;
using ActorRuns.Server.Hosting;
using Akka.Configuration;
using Serilog;
using Serilog.Events;
using Serilog.Extensions.Logging;

var urls = new Option<string?>("--urls")
{
    Description =
        $"The address to listen on. Default: http://127.0.0.1:{ServerOptions.DefaultPort}, or the next free port.",
};
var data = new Option<string?>("--data") { Description = "The folder of the journal. Default: data, in this folder." };

var root = new RootCommand("ActorRuns: conversations with agents, over the LangGraph Server API.") { urls, data };
root.SetAction((parsed, cancellationToken) => RunAsync(
    LogEventLevel.Information,
    logs => ServeCommand.RunAsync(
        ServerOptions.Read(parsed.GetValue(urls), parsed.GetValue(data), Environment.GetEnvironmentVariable),
        logs,
        cancellationToken)));

var demo = new Command("demo", "Play a conversation in which the user interrupts the agent, and print it.");
demo.SetAction((_, cancellationToken) => RunAsync(
    LogEventLevel.Warning,
    logs => DemoCommand.RunAsync(Environment.GetEnvironmentVariable, logs, Console.Out, cancellationToken)));
root.Add(demo);

// Longer than all that a stop waits for: the command line's own two seconds would cut it off.
var invocation = new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(11) };
return await root.Parse(args).InvokeAsync(invocation);

// Logs through Serilog until the command has ended; a fault that the user can mend is told without a stack trace.
static async Task<int> RunAsync(LogEventLevel level, Func<SerilogLoggerFactory, Task> command)
{
    Log.Logger = new LoggerConfiguration()
        .MinimumLevel.Is(level)
        .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
        .WriteTo.Console(formatProvider: CultureInfo.InvariantCulture)
        .CreateLogger();
    try
    {
        using var logs = new SerilogLoggerFactory(Log.Logger);
        await command(logs);
        return 0;
    }
    catch (Exception fault) when (
        fault is ServerOptionsException or ConfigurationException or ModelException
            or McpServerException or IOException)
    {
        Log.Fatal("The server cannot start: {Fault:l}", fault.Message);
        return 1;
    }
    catch (OperationCanceledException)
    {
        return 0;
    }
    finally
    {
        await Log.CloseAndFlushAsync();
    }
}
