using Akka.Configuration;

namespace Akka.Persistence.Sql;

/// <summary>
/// What Akka.Persistence.Sql can be told and this cannot: refused by name, since to ignore it would read and write
/// other tables than were asked for, or in another way.
/// </summary>
internal static class SqlKeys
{
    /// <summary>The section of the table names and columns; the only ones there are here.</summary>
    private const string Mapping = "default";

    private static readonly string[] Used =
    [
        "auto-initialize", "buffer-size", "circuit-breaker", "class", "connection-string",
        "db-round-trip-max-batch-size", "event-adapter-bindings", "event-adapters", "parallelism", "provider-name",
        "recovery-event-timeout", "replay-batch-size", "synchronous", Mapping,
    ];

    /// <summary>
    /// Tells Akka.Persistence.Sql how to go about it, and changes nothing that is stored; or is about mappings that
    /// <c>table-mapping</c> does not choose.
    /// </summary>
    private static readonly string[] WithoutMeaning =
    [
        "batch-size", "db-round-trip-max-tag-batch-size", "materializer-dispatcher", "max-row-by-row-size", "mysql",
        "plugin-dispatcher", "plugin-id", "postgresql", "prefer-parameters-on-multirow-insert", "replay-dispatcher",
        "replay-filter", "sql-server", "sqlite", "tag-separator", "use-clone-connection", "warn-on-auto-init-fail",
    ];

    private static readonly Dictionary<string, string[]> OnlyValues = new(StringComparer.Ordinal)
    {
        ["dao"] =
        [
            "Akka.Persistence.Sql.Journal.Dao.ByteArrayJournalDao, Akka.Persistence.Sql",
            "Akka.Persistence.Sql.Snapshot.ByteArraySnapshotDao, Akka.Persistence.Sql",
        ],
        ["delete-compatibility-mode"] = ["off", "false"],
        ["read-isolation-level"] = ["unspecified"],
        ["serializer"] = [""],
        ["table-mapping"] = [Mapping],
        ["tag-write-mode"] = ["TagTable"],
        ["write-isolation-level"] = ["unspecified"],
    };

    private static readonly Dictionary<string, (string Name, string[] Columns)> Tables = new()
    {
        ["journal"] = (
            "journal",
            [
                "ordering", "deleted", "persistence_id", "sequence_number", "created", "tags", "message", "identifier",
                "manifest", "writer_uuid",
            ]),
        ["tag"] = ("tags", ["ordering_id", "tag", "sequence_nr", "persistence_id"]),
        ["snapshot"] = (
            "snapshot", ["persistence_id", "sequence_number", "created", "snapshot", "manifest", "serializer_id"]),
    };

    /// <summary>What cannot be done of a section of the journal or the snapshot store, if anything.</summary>
    public static IEnumerable<string> FaultsOf(Config section)
    {
        foreach (var key in section.Keys)
        {
            if (OnlyValues.TryGetValue(key, out var values))
            {
                if (section.GetString(key) is { } value && !values.Contains(value, StringComparer.OrdinalIgnoreCase))
                    yield return $"{key} is '{value}'; only '{values[0]}' is supported.";
            }
            else if (!Used.Contains(key) && !WithoutMeaning.Contains(key))
            {
                yield return $"{key} is not known.";
            }
        }

        foreach (var (path, value) in Leaves(section.GetConfig(Mapping), []))
        {
            var key = string.Join('.', [Mapping, .. path]);
            if (path is ["metadata", ..])
                continue; // Only written with delete-compatibility-mode.
            if (OnlyValue(path) is not { } only)
                yield return $"{key} is not known.";
            else if (value is not null && (value is "true" ? "on" : value) != only)
                yield return $"{key} is '{value}'; only '{only}' is supported.";
        }
    }

    private static IEnumerable<(string[] Path, string? Value)> Leaves(Config section, string[] above) =>
        section.Keys.SelectMany(key => section.IsSection(Config.Quote(key))
            ? Leaves(section.GetConfig(Config.Quote(key)), [.. above, key])
            : [([.. above, key], section.GetString(Config.Quote(key)))]);

    /// <summary>What the mapping has to say at the path; null where there is nothing to say.</summary>
    private static string? OnlyValue(string[] path) => path switch
    {
        ["schema-name"] => "",
        ["journal", "use-writer-uuid-column"] => "on",
        [var table, "table-name"] when Tables.TryGetValue(table, out var known) => known.Name,
        [var table, "columns", var column] when Tables.TryGetValue(table, out var known) =>
            known.Columns.FirstOrDefault(name => Plain(name) == Plain(column)),
        _ => null,
    };

    /// <summary>Keys are spelt as in <c>sequence-number</c>, <c>serializerId</c> and <c>tag-value</c>.</summary>
    private static string Plain(string name) =>
        name is "tag-value" ? "TAG" : name.Replace("-", "").Replace("_", "").ToUpperInvariant();
}
