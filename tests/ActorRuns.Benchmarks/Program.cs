using System.Globalization;
using ActorRuns.Benchmarks;
using ActorRuns.Benchmarks.Engine;

// Each benchmark prints ratios of what it measured in one run; a lone absolute figure says little on a noisy machine.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
switch (args)
{
    case ["interrupt", .. var rest]:
        Console.WriteLine(Machine.Describe(args));
        var rounds = rest is [var number] ? int.Parse(number, CultureInfo.InvariantCulture) : 100;
        await InterruptLatency.RunAsync(rounds, CancellationToken.None);
        return 0;
    case ["engine", .. var rest] when rest is [] or ["tiny"]:
        Console.WriteLine(Machine.Describe(args));
        await EngineBenchmarks.RunAsync(rest is [] ? EngineSizes.Full : EngineSizes.Tiny, CancellationToken.None);
        return 0;
    default:
        Console.Error.WriteLine("""
            Usage: dotnet run -c Release --project tests/ActorRuns.Benchmarks -- BENCHMARK
              interrupt [ROUNDS]   from the second message to its run's first event
              engine [tiny]        messages, actors, events: what the actor engine can do
            """);
        return 1;
}
