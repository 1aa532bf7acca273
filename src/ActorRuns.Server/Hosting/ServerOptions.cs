using System.Globalization;
using ActorRuns.Hosting;
using ActorRuns.Server.Agents;

namespace ActorRuns.Server.Hosting;

/// <summary>What the command line and the environment say; read once, before anything is started.</summary>
/// <param name="Address">The address to listen on; null to take the default, or the next free port.</param>
/// <param name="Journal">Where the journal is.</param>
/// <param name="Delays">How long the demo agents take.</param>
public sealed record ServerOptions(Uri? Address, JournalPlace Journal, DemoDelays Delays)
{
    /// <summary>Where the official SDKs look for a server when nobody tells them.</summary>
    public const int DefaultPort = 8123;

    private const int LongestDelayMs = 600_000;

    /// <summary>
    /// True to serve the agent of the configured model, if there is one; false for the one that plays a script.
    /// </summary>
    public bool UsesModels { get; init; } = true;

    /// <summary>Reads and checks the options.</summary>
    /// <param name="urls">The value of <c>--urls</c>; null when it was not given.</param>
    /// <param name="data">The value of <c>--data</c>; null when it was not given.</param>
    /// <param name="environment">Reads an environment variable.</param>
    /// <exception cref="ServerOptionsException">Values are wrong; the message names every one.</exception>
    public static ServerOptions Read(string? urls, string? data, Func<string, string?> environment)
    {
        var faults = new List<string>();
        var address = urls is null ? null : ReadAddress(urls, faults);
        var realistic = DemoDelays.Realistic;
        var delays = new DemoDelays(
            Model: ReadDelay("ACTORRUNS_MODEL_DELAY_MS", realistic.Model),
            Token: ReadDelay("ACTORRUNS_TOKEN_DELAY_MS", realistic.Token),
            Tool: ReadDelay("ACTORRUNS_TOOL_DELAY_MS", realistic.Tool));
        var postgres = ServerConfiguration.PostgreSql(environment);
        if (data is not null && string.IsNullOrWhiteSpace(data))
            faults.Add("--data is empty; it must be a folder.");
        if (data is not null && postgres is not null)
            faults.Add($"--data names a folder, and {ServerConfiguration.PostgreSqlVariable} or hocon/postgres.conf a "
                + "database; say one of both.");
        if (faults.Count > 0)
            throw new ServerOptionsException(string.Join(Environment.NewLine, faults));

        JournalPlace journal = postgres is null
            ? new JournalPlace.Sqlite(Path.GetFullPath(data ?? "data"))
            : new JournalPlace.PostgreSql(postgres);
        return new ServerOptions(address, journal, delays);

        TimeSpan ReadDelay(string variable, TimeSpan defaultValue)
        {
            if (environment(variable) is not { Length: > 0 } text)
                return defaultValue;
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var ms) && ms <= LongestDelayMs)
                return TimeSpan.FromMilliseconds(ms);

            faults.Add(
                $"{variable} is '{text}'; it must be a whole number of milliseconds from 0 to {LongestDelayMs}.");
            return defaultValue;
        }
    }

    private static Uri? ReadAddress(string urls, List<string> faults)
    {
        if (Uri.TryCreate(urls, UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttp)
            return address;

        faults.Add($"--urls is '{urls}'; it must be one address such as http://127.0.0.1:{DefaultPort}.");
        return null;
    }
}

/// <summary>The command line or the environment says something that cannot be.</summary>
/// <param name="message">Every fault, a line each.</param>
public sealed class ServerOptionsException(string message) : Exception(message);
