using System.Diagnostics.CodeAnalysis;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Akka.Persistence.Sql.PostgreSql;
using Akka.Persistence.Sql.Sqlite;
using Akka.Persistence.Sql.Store;

namespace Akka.Persistence.Sql;

/// <summary>
/// The open databases of a system. Journal and snapshot store of the same database share its connections, and so its
/// transactions; where they say different things about it, the journal's section counts.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "What it owns is disposed of when the system has ended.")]
internal sealed class SqlStores : IExtension
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (SqlStore Store, int Users)> _stores = [];
    private readonly ILoggingAdapter _log;
    private readonly WriteMeter _meter;

    private SqlStores(ActorSystem system)
    {
        _log = Logging.GetLogger(system, typeof(SqlStore).FullName!);
        _meter = new WriteMeter(system);
        system.RegisterOnTermination(_meter.Dispose);
    }

    public static SqlStores Get(ActorSystem system) => Id.Instance.Apply(system);

    /// <summary>Opens the database, if it is not open; to be released by whoever called.</summary>
    /// <exception cref="ConfigurationException">It is open with other options.</exception>
    public SqlStore Open(SqlOptions options)
    {
        lock (_gate)
        {
            var (store, users) = _stores.GetValueOrDefault(options.ConnectionString);
            store ??= new SqlStore(NewProvider(options), options, _meter, _log);
            if (store.Options != options)
                throw new ConfigurationException(
                    "Two journals in one database have different sections; their keys have to be the same.");
            _stores[options.ConnectionString] = (store, users + 1);
            return store;
        }
    }

    /// <summary>
    /// Closes the database when the last one releases it: returns when all that was taken is written.
    /// </summary>
    public void Release(SqlStore store)
    {
        lock (_gate)
        {
            var (key, users) = (store.Options.ConnectionString, _stores[store.Options.ConnectionString].Users - 1);
            if (users > 0)
            {
                _stores[key] = (store, users);
                return;
            }

            _stores.Remove(key);
        }

        store.Dispose();
    }

    private static SqlProvider NewProvider(SqlOptions options) =>
        options.IsSqlite ? new SqliteProvider(options) : new PostgreSqlProvider(options);

    private sealed class Id : ExtensionIdProvider<SqlStores>
    {
        public static readonly Id Instance = new();

        public override SqlStores CreateExtension(ExtendedActorSystem system) => new(system);
    }
}
