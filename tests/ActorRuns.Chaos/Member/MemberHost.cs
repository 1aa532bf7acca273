using ActorRuns.Agents;
using ActorRuns.Hosting;

namespace ActorRuns.Chaos.Member;

/// <summary>A member as an application of one's own would be it: the runtime in a host, and the chaos agent.</summary>
internal static class MemberHost
{
    /// <summary>What it prints when it takes requests.</summary>
    public const string Listening = "The member listens.";

    /// <summary>Serves until it is told to stop.</summary>
    public static async Task RunAsync(string[] arguments)
    {
        var builder = WebApplication.CreateBuilder(arguments);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        string Setting(string name) => builder.Configuration[name]
            ?? throw new InvalidOperationException($"A member needs --{name}.");
        var ledger = new Ledger(Setting("database"));
        builder.Services.AddActorRuns(options =>
        {
            options.Hocon = "actorruns.cluster { ttl = 3s, drain = 5s }";
            options
                .UsePostgreSql(Setting("database"))
                .JoinCluster(new Uri(Setting("advertise")))
                .AddChatAgent(
                    "agent",
                    _ => new ChaosModel(new Chance(Environment.ProcessId)),
                    _ => new ChatAgentOptions
                    {
                        Tools = new ChaosTools(ledger, new Chance(Environment.ProcessId)).All,
                    });
        });
        var app = builder.Build();
        app.MapActorRuns("/");
        await app.StartAsync();
        await Console.Out.WriteLineAsync(Listening);
        await app.WaitForShutdownAsync();
    }
}
