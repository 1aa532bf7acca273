using System.Collections.Immutable;
using System.Text.Json;

namespace ActorRuns.Store;

/// <summary>
/// Keeps values that agents and callers share, outside of any thread. What a method has answered is kept. An item that
/// was put for a time is gone for everyone from the moment its time is over.
/// </summary>
public interface IItemStore
{
    /// <summary>Puts a value in place of the one that is there.</summary>
    /// <param name="space">Where; not the root.</param>
    /// <param name="key">Its name there.</param>
    /// <param name="value">A JSON object.</param>
    /// <param name="ttl">How long it lasts when nobody reads it; null for ever.</param>
    /// <param name="cancellationToken">Gives up before the write; one that has begun is finished.</param>
    Task PutAsync(
        ItemNamespace space, string key, JsonElement value, TimeSpan? ttl, CancellationToken cancellationToken);

    /// <summary>The item that is there; null for none.</summary>
    /// <param name="space">Where.</param>
    /// <param name="key">Its name there.</param>
    /// <param name="refreshesTtl">True when one that lasts for a time only lasts for all of it again.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<StoreItem?> GetAsync(
        ItemNamespace space, string key, bool refreshesTtl, CancellationToken cancellationToken);

    /// <summary>Deletes what is there, if anything is.</summary>
    Task DeleteAsync(ItemNamespace space, string key, CancellationToken cancellationToken);

    /// <summary>Finds a page of items.</summary>
    Task<ImmutableArray<StoreItem>> SearchAsync(ItemQuery query, CancellationToken cancellationToken);

    /// <summary>Lists a page of the namespaces that have items.</summary>
    Task<ImmutableArray<ItemNamespace>> ListNamespacesAsync(NamespaceQuery query, CancellationToken cancellationToken);
}
