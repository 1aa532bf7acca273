using System.Globalization;
using ActorRuns.Benchmarks;
using ActorRuns.Benchmarks.Engine;
using ActorRuns.Benchmarks.Load;

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
    case ["journal", _, ..]:
        Console.WriteLine(Machine.Describe(args));
        int[] actors = [.. args[1..].Select(count => int.Parse(count, CultureInfo.InvariantCulture))];
        var sizes = EngineSizes.Full with { WriterCounts = actors };
        await EngineBenchmarks.RunJournalAsync(sizes, CancellationToken.None);
        return 0;
    case ["long-thread", .. var rest]:
        Console.WriteLine(Machine.Describe(args));
        var facts = rest is [var count] ? int.Parse(count, CultureInfo.InvariantCulture) : 50_000;
        await LongThread.RunAsync(facts, CancellationToken.None);
        return 0;
    case ["load"]:
        Console.WriteLine(Machine.Describe(args));
        await LoadPrograms.CompareAsync(CancellationToken.None);
        return 0;
    case ["load", "memory"]:
        Console.WriteLine(Machine.Describe(args));
        await LoadPrograms.MeasureMemoryAsync(CancellationToken.None);
        return 0;
    case ["load", "ours" or "tiny"]:
        Console.WriteLine(Machine.Describe(args));
        await LoadPrograms.MeasureOursAsync(
            args is [_, "tiny"] ? LoadSizes.Tiny : LoadSizes.Full, CancellationToken.None);
        return 0;
    case ["load", "ours", var threads]:
        Console.WriteLine(Machine.Describe(args));
        await LoadPrograms.MeasureOursAsync(
            LoadSizes.RunsAlone(int.Parse(threads, CultureInfo.InvariantCulture)), CancellationToken.None);
        return 0;
    case ["load", "builds", var one, var other, var threads]:
        Console.WriteLine(Machine.Describe(args));
        await LoadPrograms.CompareBuildsAsync(
            one, other, LoadSizes.RunsAlone(int.Parse(threads, CultureInfo.InvariantCulture)), CancellationToken.None);
        return 0;
    case ["load", var url]:
        Console.WriteLine(Machine.Describe(args));
        await LoadPrograms.MeasureAsync(new Uri(url), CancellationToken.None);
        return 0;
    default:
        Console.Error.WriteLine("""
            Usage: dotnet run -c Release --project tests/ActorRuns.Benchmarks -- BENCHMARK
              interrupt [ROUNDS]   from the second message to its run's first event
              load                 runs, streams and interrupts of our server beside the JavaScript development server
              load ours|tiny|URL   the same of ours alone, or of whatever server is there
              load memory          only what idle threads cost in memory, in our server
              load ours THREADS    only runs on so many threads at once, and what one costs of a processor
              load builds A B N    the same of two builds, in turns; A and B are paths of their ActorRuns.Server.dll
              engine [tiny]        messages, actors, events: what the actor engine can do
              long-thread [FACTS]  what a thread of so many facts costs beside one of few
              journal ACTORS ...   of the engine, only the events that so many actors persist
            """);
        return 1;
}
