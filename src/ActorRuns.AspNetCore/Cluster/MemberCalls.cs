using System.Text.Json;
using ActorRuns.AspNetCore.Problems;
using ActorRuns.Hosting;
using ActorRuns.Json;
using ActorRuns.Threads;
using Microsoft.AspNetCore.Http;

namespace ActorRuns.AspNetCore.Cluster;

/// <summary>
/// What a request that is about many threads does to each of another member, by asking that one: itself too, when the
/// thread has just come.
/// </summary>
/// <param name="runtime">The runtime.</param>
/// <param name="forwarder">Sends requests on.</param>
internal sealed class MemberCalls(ActorRunsRuntime runtime, MemberForwarder forwarder)
{
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromMilliseconds(200);

    /// <summary>Deletes a thread.</summary>
    /// <returns>False when it is not there.</returns>
    public async Task<bool> DeleteAsync(HttpContext context, ThreadId thread) =>
        await CallAsync(context, thread, new MemberCall(HttpMethod.Delete, $"/threads/{thread}", [])) is not null;

    /// <summary>Takes the past of a thread out of sight.</summary>
    /// <returns>False when it is not there.</returns>
    public async Task<bool> PruneAsync(HttpContext context, ThreadId thread)
    {
        var body = StateJson.Write(writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("thread_ids");
            writer.WriteStringValue($"{thread}");
            writer.WriteEndArray();
            writer.WriteString("strategy", "keep_latest");
            writer.WriteEndObject();
        });
        var answer = await CallAsync(context, thread, new MemberCall(HttpMethod.Post, "/threads/prune", body));
        return answer is { } json && json.GetProperty("pruned_count").GetInt32() > 0;
    }

    /// <summary>Stops runs.</summary>
    /// <returns>False when their thread is not there.</returns>
    public async Task<bool> StopAsync(HttpContext context, StopRuns stop)
    {
        var body = StateJson.Write(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("thread_id", $"{stop.ThreadId}");
            writer.WriteStartArray("run_ids");
            foreach (var run in stop.Runs)
                writer.WriteStringValue($"{run}");
            writer.WriteEndArray();
            writer.WriteEndObject();
        });
        var action = stop.Undo ? "rollback" : "interrupt";
        var call = new MemberCall(HttpMethod.Post, $"/runs/cancel?action={action}", body);
        return await CallAsync(context, stop.ThreadId, call) is not null;
    }

    /// <summary>Asks the owner of a thread; null when what it is about is not there.</summary>
    private async Task<JsonElement?> CallAsync(HttpContext context, ThreadId thread, MemberCall call)
    {
        var began = runtime.Time.GetTimestamp();
        while (runtime.Time.GetElapsedTime(began) < runtime.Options.Cluster.MoveWait)
        {
            var changed = runtime.Shards.Changed;
            var owner = runtime.Shards.MayServe(thread) ? runtime.Shards.Self : runtime.Shards.OwnerOf(thread);
            if (owner is not null && await forwarder.CallAsync(context, thread, owner, call) is { } answer)
                return answer.ValueKind is JsonValueKind.Null ? null : answer;
            await changed.WaitAsync(LookAgainAfter, runtime.Time, context.RequestAborted)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            context.RequestAborted.ThrowIfCancellationRequested();
        }

        throw new ProblemException(Problem.Of(new Refusal.ThreadElsewhere(thread)));
    }
}

/// <summary>A request of a member's own to another one.</summary>
/// <param name="Method">The method.</param>
/// <param name="Place">Path and query.</param>
/// <param name="Body">The body; empty for none.</param>
internal sealed record MemberCall(HttpMethod Method, string Place, byte[] Body);
