using System.Diagnostics;
using ActorRuns.Chaos.Checks;
using ActorRuns.Chaos.Load;
using ActorRuns.Chaos.Member;
using ActorRuns.Chaos.World;
using ActorRuns.Engine.Tests.Persistence;

namespace ActorRuns.Chaos;

/// <summary>Real members on a real database, people who write too fast, and harm; then the reckoning.</summary>
internal static class ChaosWorld
{
    private static readonly TimeSpan CalmWithin = TimeSpan.FromMinutes(2);

    /// <summary>Runs it all, and prints what was done, what was seen, and what must not have been.</summary>
    /// <returns>True when nothing was wrong.</returns>
    public static async Task<bool> RunAsync(ChaosOptions options)
    {
        Console.WriteLine(FormattableString.Invariant(
            $"{options.Members} members, {options.Users} users, {options.Length}, --seed {options.Seed}"));
        var findings = new Findings();
        using var database = new PostgreSqlServer();
        database.Execute("create database chaos");
        var connection = database.ConnectionString("chaos");
        var ledger = new Ledger(connection);
        await ledger.CreateAsync();
        await using (var members = await ChaosMembers.StartAsync(options.Members, connection))
        {
            await LiveAsync(options, members, database, ledger, connection, findings);
            if (findings.Faults.Count > 0)
                await KeepLogsAsync(options, members);
        }

        foreach (var (what, count) in findings.Counts.OrderBy(count => count.Key, StringComparer.Ordinal))
            Console.WriteLine(FormattableString.Invariant($"{what,-45} {count,8:N0}"));
        foreach (var fault in findings.Faults)
            Console.WriteLine($"FAULT {fault}");
        Console.WriteLine($"{findings.Faults.Count} faults");
        return findings.Faults.Count is 0;
    }

    private static async Task KeepLogsAsync(ChaosOptions options, ChaosMembers members)
    {
        var folder = Directory.CreateTempSubdirectory(FormattableString.Invariant($"chaos-{options.Seed}-"));
        foreach (var (number, member) in members.All.Index())
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, $"member-{number + 1}.log"), member.Log);
        Console.WriteLine($"What the members have said is in {folder}.");
    }

    private static async Task LiveAsync(
        ChaosOptions options,
        ChaosMembers members,
        PostgreSqlServer database,
        Ledger ledger,
        string journal,
        Findings findings)
    {
        var accepted = new Accepted();
        var users = Enumerable.Range(0, options.Users)
            .Select(number => new User(number, options, members, accepted, findings))
            .ToList();
        try
        {
            using var over = new CancellationTokenSource(options.Length);
            var faults = new Faults(members, database, Chance.For(options.Seed, "faults", 0), findings);
            var harming = faults.RunAsync(over.Token);
            var writing = users.Select(user => user.RunAsync(over.Token)).ToList();
            await harming;
            await Task.WhenAll([.. writing, .. users.Select(user => CalmAsync(user, findings))]);
            using var client = new ChaosClient(members, Chance.For(options.Seed, "verdict", 0), findings);
            await new Verdict(members, accepted, client, findings).CheckAsync(journal, ledger);
        }
        finally
        {
            users.ForEach(user => user.Dispose());
        }
    }

    /// <summary>Waits until all conversations of a user rest; nobody does harm any more.</summary>
    private static async Task CalmAsync(User user, Findings findings)
    {
        var begin = Stopwatch.GetTimestamp();
        foreach (var thread in user.Threads)
        {
            while (!await user.AnswerAsync(thread))
            {
                if (Stopwatch.GetElapsedTime(begin) > CalmWithin)
                {
                    findings.Fault($"thread {thread} did not come to rest within {CalmWithin}");
                    break;
                }

                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
            }
        }
    }
}
