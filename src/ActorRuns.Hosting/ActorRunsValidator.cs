using ActorRuns.AspNetCore;
using ActorRuns.AspNetCore.Webhooks;
using Akka.Configuration;
using Microsoft.Extensions.Options;

namespace ActorRuns.Hosting;

/// <summary>Finds every fault of a runtime's options before anything is started.</summary>
/// <param name="runtimeName">The runtime whose options it checks.</param>
internal sealed class ActorRunsValidator(string runtimeName) : IValidateOptions<ActorRunsOptions>
{
    /// <inheritdoc />
    public ValidateOptionsResult Validate(string? name, ActorRunsOptions options)
    {
        if (name != runtimeName)
            return ValidateOptionsResult.Skip;

        List<string> faults =
        [
            .. FaultsOfJournal(options.Journal),
            .. FaultsOfCluster(options),
            .. FaultsOfAgents(options),
            .. FaultsOfHocon(options),
        ];
        var runtime = runtimeName.Length is 0 ? "ActorRuns" : $"ActorRuns '{runtimeName}'";
        return faults.Count is 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"{runtime} cannot start: {string.Join(" ", faults)}");
    }

    private static IEnumerable<string> FaultsOfJournal(JournalPlace? journal) => journal switch
    {
        null => ["No journal is chosen; call UseSqlite(folder), UsePostgreSql(connection), or "
            + "UseMemory() to keep nothing."],
        JournalPlace.Sqlite { Folder: var folder } when string.IsNullOrWhiteSpace(folder) =>
            ["UseSqlite was given no folder."],
        JournalPlace.PostgreSql { ConnectionString: var connection } when string.IsNullOrWhiteSpace(connection) =>
            ["UsePostgreSql was given no connection string."],
        _ => [],
    };

    private static IEnumerable<string> FaultsOfCluster(ActorRunsOptions options)
    {
        if (options.ClusterAddress is not { } address)
            yield break;
        if (options.Journal is not JournalPlace.PostgreSql)
            yield return "JoinCluster needs UsePostgreSql: the database is what makes members of processes.";
        if (!address.IsAbsoluteUri || address.Scheme is not ("http" or "https"))
            yield return $"JoinCluster was given '{address}'; it must be an address such as http://10.0.0.7:8080/api.";
    }

    private static IEnumerable<string> FaultsOfAgents(ActorRunsOptions options)
    {
        if (options.Agents.Count is 0)
            yield return "There is no agent; call AddAgent or AddChatAgent.";
        if (options.Agents.Exists(agent => string.IsNullOrWhiteSpace(agent.Name)))
            yield return "An agent has no name.";
        foreach (var twice in options.Agents.GroupBy(agent => agent.Name).Where(agents => agents.Count() > 1))
            yield return $"Agent '{twice.Key}' was added {twice.Count()} times; a name is one agent's.";
    }

    private static List<string> FaultsOfHocon(ActorRunsOptions options)
    {
        var faults = new List<string>();
        var config = ConfigurationFactory.Empty;
        Try(() => config = ConfigurationFactory.ParseString(options.Hocon));
        Try(() => RuntimeOptions.From(config));
        Try(() => ApiOptions.From(config));
        Try(() => HttpWebhookOptions.From(config));
        return faults;

        void Try(Action read)
        {
            try
            {
                read();
            }
            catch (ConfigurationException fault)
            {
                faults.Add($"Hocon: {fault.Message}");
            }
        }
    }
}
