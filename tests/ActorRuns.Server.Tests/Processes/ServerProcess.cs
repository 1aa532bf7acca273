using System.Globalization;
using System.Text.RegularExpressions;
using ActorRuns.Server.Agents;

namespace ActorRuns.Server.Tests.Processes;

/// <summary>The server as its users run it: a process of its own that listens and has a journal on disk.</summary>
internal sealed partial class ServerProcess : IAsyncDisposable
{
    // A cold start on a machine that does much else.
    private static readonly TimeSpan StartWithin = TimeSpan.FromMinutes(1);

    private readonly ChildProcess _process;

    private ServerProcess(ChildProcess process, Match listening)
    {
        _process = process;
        Address = new Uri(listening.Groups["address"].Value);
        JournalFile = listening.Groups["journal"].Value;
        Client = new WireClient(Address);
    }

    /// <summary>No delays: the agents answer at once.</summary>
    public static DemoDelays AtOnce { get; } = new(TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero);

    /// <summary>Delays that no test outlasts: work that is not told otherwise stays where it is.</summary>
    public static DemoDelays Stuck { get; } =
        new(TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(10));

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>The file it says its journal is.</summary>
    public string JournalFile { get; }

    /// <summary>Talks to it.</summary>
    public WireClient Client { get; }

    /// <summary>Its process.</summary>
    public int ProcessId => _process.Id;

    /// <summary>What it has printed so far.</summary>
    public string Output => _process.Output;

    /// <summary>Starts the server on a free port, and returns when it listens.</summary>
    /// <param name="data">Its data folder.</param>
    /// <param name="delays">How long its agents take; null for the server's own defaults.</param>
    public static Task<ServerProcess> StartAsync(ScratchFolder data, DemoDelays? delays = null) =>
        PostgreSqlJournals.AreForAll
            ? StartAsync(data, PostgreSqlJournals.Of(data), delays)
            : StartAsync(["--urls", "http://127.0.0.1:0", "--data", data.FullName], data.FullName, delays);

    /// <summary>Starts the server on a free port and a PostgreSQL database, and returns when it listens.</summary>
    /// <param name="folder">Where it runs.</param>
    /// <param name="postgres">Where the database is.</param>
    /// <param name="delays">How long its agents take; null for the server's own defaults.</param>
    public static Task<ServerProcess> StartAsync(ScratchFolder folder, string postgres, DemoDelays? delays = null) =>
        StartAsync(
            ["--urls", "http://127.0.0.1:0"],
            folder.FullName,
            delays,
            new Dictionary<string, string>(StringComparer.Ordinal) { ["ACTORRUNS_POSTGRES"] = postgres });

    /// <summary>Starts the server with these arguments, and returns when it listens.</summary>
    public static async Task<ServerProcess> StartAsync(
        string[] arguments,
        string folder,
        DemoDelays? delays = null,
        IReadOnlyDictionary<string, string>? environment = null)
    {
        var variables = VariablesOf(delays);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
            variables[name] = value;
        var process = ChildProcess.Start("dotnet", [Places.ServerAssembly, .. arguments], folder, variables);
        try
        {
            var line = await process.LineAsync("the line that says where it listens", Listening().IsMatch, StartWithin);
            return new ServerProcess(process, Listening().Match(line));
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs the server's program to its end.</summary>
    public static Task<ChildProcess.Ended> RunAsync(
        string[] arguments, string folder, IReadOnlyDictionary<string, string>? environment = null) =>
        ChildProcess.RunAsync("dotnet", [Places.ServerAssembly, .. arguments], folder, StartWithin, environment);

    /// <summary>Ends it as <c>kill -9</c> does: nothing in it gets to run any more.</summary>
    public Task KillAsync() => _process.KillAsync();

    /// <summary>Holds it up: it does nothing, and its connections stay open.</summary>
    public Task HoldUpAsync() => _process.HoldUpAsync();

    /// <summary>Lets it go on after it was held up.</summary>
    public Task GoOnAsync() => _process.GoOnAsync();

    /// <summary>Asks it to stop, as a service manager does, and waits until it has.</summary>
    public async Task<ChildProcess.Ended> StopAsync(TimeSpan within)
    {
        await _process.TerminateAsync();
        return await _process.EndAsync(within);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _process.DisposeAsync();
    }

    private static Dictionary<string, string> VariablesOf(DemoDelays? delays)
    {
        // The receivers of webhooks are in the tests.
        var variables = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["ACTORRUNS_WEBHOOK_ALLOW_PRIVATE"] = "on",
        };
        if (delays is not null)
        {
            variables["ACTORRUNS_MODEL_DELAY_MS"] = Milliseconds(delays.Model);
            variables["ACTORRUNS_TOKEN_DELAY_MS"] = Milliseconds(delays.Token);
            variables["ACTORRUNS_TOOL_DELAY_MS"] = Milliseconds(delays.Tool);
        }

        return variables;
    }

    private static string Milliseconds(TimeSpan time) => time.TotalMilliseconds.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(
        @"ActorRuns \d+\.\d+\.\d+ listens on (?<address>http://\S+); its journal is (?<journal>[^;]+); agents: .+$",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Listening();
}
