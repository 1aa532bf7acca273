using System.Globalization;
using ActorRuns.Chaos;
using ActorRuns.Chaos.Member;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
switch (args)
{
    case ["member", .. var rest]:
        await MemberHost.RunAsync(rest);
        return 0;
    case ["run", .. var rest]:
        return await ChaosWorld.RunAsync(ChaosOptions.Parse(rest)) ? 0 : 1;
    default:
        Console.Error.WriteLine("""
            Usage: dotnet run --project tests/ActorRuns.Chaos -- run
                [--members 3] [--seconds 60] [--seed N] [--users 12] [--threads 3]
            """);
        return 2;
}
