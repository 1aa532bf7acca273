using ActorRuns.Benchmarks;

// Each benchmark prints ratios of what it measured in this one run; a lone absolute figure says little on a noisy machine.
var rounds = args.Length > 1 ? int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture) : 100;
switch (args.FirstOrDefault())
{
    case "interrupt":
        await InterruptLatency.RunAsync(rounds, CancellationToken.None);
        return 0;
    default:
        Console.Error.WriteLine("Usage: dotnet run -c Release --project tests/ActorRuns.Benchmarks -- interrupt [ROUNDS]");
        return 1;
}
