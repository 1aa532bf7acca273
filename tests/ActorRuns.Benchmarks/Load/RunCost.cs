using System.Globalization;

namespace ActorRuns.Benchmarks.Load;

/// <summary>What a run costs of a processor: the server's time, and that of this program beside it.</summary>
internal sealed class RunCost
{
    private TimeSpan _server;
    private TimeSpan _client;
    private int _runs;

    /// <summary>Measures a round.</summary>
    public async Task<LoadRound> MeasureAsync(LoadTarget target, Func<LoadTarget, Task<LoadRound>> measure)
    {
        var (server, client) = Now(target);
        var round = await measure(target);
        var after = Now(target);
        _server += after.Server - server;
        _client += after.Client - client;
        _runs += round.Runs;
        return round;
    }

    /// <inheritdoc />
    public override string ToString() => _server == TimeSpan.Zero ? "" : string.Create(
        CultureInfo.InvariantCulture, $"CPU a run: server {Of(_server):N3} ms, client {Of(_client):N3} ms");

    private double Of(TimeSpan time) => time.TotalMilliseconds / Math.Max(1, _runs);

    private static (TimeSpan Server, TimeSpan Client) Now(LoadTarget target) =>
        (target.ProcessId is { } id ? ProcessTime.OfTree(id) : TimeSpan.Zero, Environment.CpuUsage.TotalTime);
}

/// <summary>What was done in a round.</summary>
/// <param name="Runs">How many runs came to their end.</param>
/// <param name="Took">How long it took.</param>
internal readonly record struct LoadRound(int Runs, TimeSpan Took)
{
    /// <summary>How many in a second.</summary>
    public double PerSecond => Runs / Took.TotalSeconds;
}
