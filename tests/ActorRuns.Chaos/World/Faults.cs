using ActorRuns.Engine.Tests.Persistence;

namespace ActorRuns.Chaos.World;

/// <summary>Does harm: one thing every few seconds, and mends it after a while.</summary>
internal sealed class Faults(ChaosMembers members, PostgreSqlServer database, Chance chance, Findings findings)
{
    private readonly List<Task> _mending = [];
    private readonly HashSet<ChaosMember> _harmed = [];

    /// <summary>Does harm until it is told to stop, and returns when all is mended.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        (string Name, Action Do)[] kinds =
        [
            ("kill -9", () => Harm(KillAsync)),
            ("SIGSTOP and SIGCONT", () => Harm(FreezeAsync)),
            ("SIGTERM and restart", () => Harm(RestartAsync)),
            ("database restart", () => _mending.Add(RestartDatabaseAsync())),
            ("forwarded connections cut", () => chance.Of(members.All).Proxy.Cut()),
        ];
        try
        {
            while (true)
            {
                await Task.Delay(chance.Milliseconds(2_000, 6_000), TimeProvider.System, stopping);
                var (name, harm) = chance.Of(kinds);
                findings.Count($"fault: {name}");
                harm();
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await Task.WhenAll(_mending);
        }
    }

    /// <summary>Harms a member that is well, if there is one beside the last.</summary>
    private void Harm(Func<ChaosMember, TimeSpan, Task> harm)
    {
        lock (_harmed)
        {
            var well = members.All.Except(_harmed).ToList();
            if (well.Count <= (members.All.Count > 1 ? 1 : 0))
                return;
            var member = chance.Of(well);
            _harmed.Add(member);
            _mending.Add(MendedAsync(member, harm(member, chance.Milliseconds(100, 8_000))));
        }
    }

    private async Task MendedAsync(ChaosMember member, Task mending)
    {
        await mending;
        lock (_harmed)
            _harmed.Remove(member);
    }

    private static async Task KillAsync(ChaosMember member, TimeSpan down)
    {
        await member.KillAsync();
        await Task.Delay(down, TimeProvider.System);
        await member.StartAsync();
    }

    private static async Task FreezeAsync(ChaosMember member, TimeSpan down)
    {
        await member.HoldUpAsync();
        await Task.Delay(down, TimeProvider.System);
        await member.GoOnAsync();
    }

    private async Task RestartAsync(ChaosMember member, TimeSpan down)
    {
        if (await member.StopAsync() is { } complaint)
            findings.Fault(complaint);
        await Task.Delay(down, TimeProvider.System);
        await member.StartAsync();
    }

    private async Task RestartDatabaseAsync()
    {
        var down = chance.Milliseconds(0, 2_000);
        await Task.Yield(); // The commands of PostgreSQL are waited for.
        database.Stop();
        await Task.Delay(down, TimeProvider.System);
        database.Start();
    }
}
