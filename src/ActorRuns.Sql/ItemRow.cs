using System.Text.Json;
using ActorRuns.Store;

namespace ActorRuns.Sql;

/// <summary>An item as it stands in the table.</summary>
internal sealed record ItemRow
{
    /// <summary>Selects items whose time is not over at <c>@Now</c>; more conditions may follow.</summary>
    public const string Select =
        """
        SELECT namespace AS Namespace, key AS Key, value AS Value,
               created_at AS CreatedAt, updated_at AS UpdatedAt, ttl_ticks AS TtlTicks
        FROM store_item
        WHERE (expires_at IS NULL OR expires_at > @Now)
        """;

    public string Namespace { get; init; } = "";

    public string Key { get; init; } = "";

    public string Value { get; init; } = "";

    public string CreatedAt { get; init; } = "";

    public string UpdatedAt { get; init; } = "";

    public long? TtlTicks { get; init; }

    /// <summary>The value alone.</summary>
    public JsonElement ReadValue() => JsonElement.Parse(Value);

    /// <summary>The item.</summary>
    /// <exception cref="FormatException">The table holds a namespace or a time that is none.</exception>
    public StoreItem ToItem(SqlDatabase database) => new(
        ReadNamespace(database.Original(Namespace)),
        database.Original(Key),
        ReadValue(),
        SqlTime.Read(CreatedAt),
        SqlTime.Read(UpdatedAt));

    /// <summary>The namespace of a path.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static ItemNamespace ReadNamespace(string path) => ItemNamespace.TryCreate(path.Split('.'), out var space)
        ? space
        : throw new FormatException($"The table of items holds '{path}', which is no namespace.");
}
