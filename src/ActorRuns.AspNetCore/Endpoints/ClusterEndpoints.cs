using System.Text.Json;
using ActorRuns.AspNetCore.Wire;
using ActorRuns.Cluster;
using ActorRuns.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace ActorRuns.AspNetCore.Endpoints;

/// <summary>The cluster as this member sees it, for those who run it.</summary>
/// <param name="runtime">The runtime.</param>
internal sealed class ClusterEndpoints(ActorRunsRuntime runtime)
{
    /// <summary>Maps the routes.</summary>
    public void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/cluster", context => Answers.WriteJsonAsync(context, Write));

    private void Write(Utf8JsonWriter writer)
    {
        var view = runtime.Shards.View;
        writer.WriteStartObject();
        writer.WriteString("member", runtime.Shards.Self is { } self ? $"{self.Id}" : null);
        writer.WriteNumber("lease_ttl_ms", (long)runtime.Options.Cluster.Ttl.TotalMilliseconds);
        writer.WriteStartArray("members");
        foreach (var status in view.Members)
            Write(writer, status, view);
        writer.WriteEndArray();
        writer.WriteStartArray("shards");
        foreach (var lease in view.Leases)
            Write(writer, lease);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, MemberStatus status, LeaseView view)
    {
        var member = status.Member;
        writer.WriteStartObject();
        writer.WriteString("member_id", $"{member.Id}");
        writer.WriteString("address", $"{member.Address}");
        writer.WriteBoolean("is_leaving", member.IsLeaving);
        WireTime.Write(writer, "started_at", status.StartedAt);
        writer.WriteNumber("silent_for_ms", (long)status.SilentFor.TotalMilliseconds);
        writer.WriteNumber("shards", view.Leases.Count(lease => lease.Owner == member.Id));
        writer.WriteNumber("threads_awake", status.Load.Threads);
        writer.WriteNumber("runs_at_work", status.Load.RunsAtWork);
        writer.WriteNumber("runs_waiting", status.Load.RunsWaiting);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, ShardLease lease)
    {
        writer.WriteStartObject();
        writer.WriteNumber("shard", lease.Shard.Number);
        writer.WriteString("member_id", lease.Owner is { } owner ? $"{owner}" : null);
        writer.WriteNumber("epoch", lease.Epoch);
        writer.WriteNumber("expires_in_ms", (long)lease.ExpiresIn.TotalMilliseconds);
        writer.WriteEndObject();
    }
}
