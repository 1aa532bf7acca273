using ActorRuns.Agents;
using ActorRuns.Graphs;
using Microsoft.Extensions.AI;

namespace ActorRuns.Hosting;

/// <summary>What a runtime within a host is to be; checked when the host starts, all faults in one message.</summary>
public sealed class ActorRunsOptions
{
    /// <summary>Where the journal is; null until one of the methods below is called.</summary>
    public JournalPlace? Journal { get; private set; }

    /// <summary>
    /// Settings in HOCON that go before the defaults: those of <c>hocon/actorruns.conf</c>, and the actor system's.
    /// </summary>
    /// <value>Default empty.</value>
    public string Hocon { get; set; } = string.Empty;

    /// <summary>Where other members reach this one; null for a runtime that is alone.</summary>
    public Uri? ClusterAddress { get; private set; }

    /// <summary>The agents that were added, in order, each with how its graph is made.</summary>
    internal List<(string Name, Func<IServiceProvider, AgentGraph> Create)> Agents { get; } = [];

    /// <summary>Keeps everything in memory: it is gone with the host.</summary>
    public ActorRunsOptions UseMemory()
    {
        Journal = new JournalPlace.Memory();
        return this;
    }

    /// <summary>Keeps everything in SQLite files; what was answered outlives the process, and a power cut.</summary>
    /// <param name="folder">Where the files are; made if it is not there. One runtime at a time has a folder.</param>
    public ActorRunsOptions UseSqlite(string folder)
    {
        Journal = new JournalPlace.Sqlite(folder);
        return this;
    }

    /// <summary>
    /// Keeps everything in a PostgreSQL database, whose tables are made at the start, and changed when a build wants
    /// others. What was answered outlives the process, and the loss of the machine that it runs on.
    /// </summary>
    /// <param name="connectionString">
    /// Where the database is: <c>Host=…;Username=…;Password=…;Database=…</c>, or
    /// <c>postgres://user:password@host/database</c>.
    /// </param>
    public ActorRunsOptions UsePostgreSql(string connectionString)
    {
        Journal = new JournalPlace.PostgreSql(connectionString);
        return this;
    }

    /// <summary>
    /// Makes the runtime a member of the cluster of those on the same PostgreSQL database: each executes its share of
    /// the threads, and every one answers for all. Without it the database is one runtime's at a time.
    /// </summary>
    /// <param name="address">
    /// Where the other members reach the API of this one, with the prefix that it is mapped under, the same for all:
    /// <c>http://10.0.0.7:8080/api</c>. Requests are sent on as they came, with the rights of who sent them; calls of
    /// <c>IThreads</c> have none, so let members in without.
    /// </param>
    public ActorRunsOptions JoinCluster(Uri address)
    {
        ClusterAddress = address;
        return this;
    }

    /// <summary>Adds an agent.</summary>
    /// <param name="name">The name it is asked by.</param>
    /// <param name="create">
    /// Makes its graph, once, when the host starts; the graph's name must be that of the agent. What a node needs for
    /// one execution alone it takes from <see cref="ScopedNodes.InScope"/>.
    /// </param>
    public ActorRunsOptions AddAgent(string name, Func<IServiceProvider, AgentGraph> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        Agents.Add((name, create));
        return this;
    }

    /// <summary>Adds the ready agent: a model and its tools, taking turns.</summary>
    /// <param name="name">The name it is asked by.</param>
    /// <param name="client">
    /// Gets the model, anew for each call in a scope of its own, which ends with the answer, and with it what it owns.
    /// </param>
    /// <param name="options">
    /// What makes it different, made once; null for a model without tools. Each call of a tool has a scope of its own:
    /// functions of <see cref="AIFunctionFactory"/> take services from it as arguments.
    /// </param>
    public ActorRunsOptions AddChatAgent(
        string name,
        Func<IServiceProvider, IChatClient> client,
        Func<IServiceProvider, ChatAgentOptions>? options = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        return AddAgent(name, services =>
        {
            var chat = options?.Invoke(services) ?? new ChatAgentOptions();
            var tools = chat.Tools.Select(tool =>
                tool is AIFunction function ? new ScopedTool(function, services) : tool);
            return ChatAgent.Create(name, new ScopedChatClient(client, services), chat with { Tools = [.. tools] });
        });
    }
}

/// <summary>Where a runtime keeps what outlives it.</summary>
public abstract record JournalPlace
{
    private JournalPlace() { }

    /// <summary>Nowhere: in memory.</summary>
    public sealed record Memory : JournalPlace;

    /// <summary>In SQLite files.</summary>
    /// <param name="Folder">Where they are.</param>
    public sealed record Sqlite(string Folder) : JournalPlace;

    /// <summary>In a PostgreSQL database.</summary>
    /// <param name="ConnectionString">Where it is; there may be a password in it, so it is not told as text.</param>
    public sealed record PostgreSql(string ConnectionString) : JournalPlace
    {
        /// <inheritdoc />
        public override string ToString() => nameof(PostgreSql);
    }
}
