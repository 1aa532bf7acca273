using System.Collections.Frozen;
using System.Collections.Immutable;

namespace ActorRuns.AspNetCore.Descriptions;

/// <summary>What is said of each route, by its method and its pattern.</summary>
internal static class RouteTexts
{
    private const string Events = "text/event-stream";

    private static readonly ImmutableArray<(string, string)> Page = [("limit", "integer"), ("offset", "integer")];

    private static readonly (string Route, RouteText Text)[] Meta =
    [
        ("GET /ok", new("meta", "Whether the server is well") { Answer = "Ok" }),
        ("GET /health/live", new("meta", "Whether the server answers at all") { Answer = "Any" }),
        ("GET /health/ready", new("meta", "Whether the server has all that it needs to answer requests")
        {
            Answer = "Any",
        }),
        ("GET /info", new("meta", "The version, and what is served") { Answer = "About" }),
        ("GET /metrics", new("meta", "What is measured, for Prometheus") { ContentType = "text/plain" }),
        ("GET /cluster", new("meta", "The members, who owns which shard, and how much each has to do")
            { Answer = "Cluster" }),
        ("GET /openapi.json", new("meta", "This description") { Answer = "Any" }),
        ("GET /docs", new("meta", "This description, to be read") { ContentType = "text/html" }),
    ];

    private static readonly (string Route, RouteText Text)[] Assistants =
    [
        ("POST /assistants", new("assistants", "Makes an assistant")
            { Body = "AssistantCreate", Answer = "Assistant" }),
        ("POST /assistants/search", new("assistants", "Finds assistants")
            { Body = "AssistantSearch", Answer = "[]Assistant" }),
        ("POST /assistants/count", new("assistants", "Counts assistants")
            { Body = "AssistantSearch", Answer = "Count" }),
        ("GET /assistants/{assistant_id}", new("assistants", "An assistant") { Answer = "Assistant" }),
        ("PATCH /assistants/{assistant_id}", new("assistants", "Follows the version of an assistant with a new one")
            { Body = "AssistantPatch", Answer = "Assistant" }),
        ("DELETE /assistants/{assistant_id}", new("assistants", "Deletes an assistant and stops its runs")
            { Answer = "[]Id", Query = [("delete_threads", "boolean")] }),
        ("POST /assistants/{assistant_id}/versions", new("assistants", "The versions of an assistant, newest first")
            { Body = "VersionSearch", Answer = "[]Assistant" }),
        ("POST /assistants/{assistant_id}/latest", new("assistants", "Makes a version the one that new runs use")
            { Body = "VersionChoice", Answer = "Assistant" }),
        ("GET /assistants/{assistant_id}/graph", new("assistants", "The drawing of an assistant's graph")
            { Answer = "Drawing", Query = [("xray", "string")] }),
        ("GET /assistants/{assistant_id}/schemas", new("assistants", "What an assistant's graph takes and keeps")
            { Answer = "GraphSchemas" }),
        ("GET /assistants/{assistant_id}/subgraphs", new("assistants", "The graphs within an assistant's graph")
            { Answer = "Subgraphs", Query = [("recurse", "boolean")] }),
        ("GET /assistants/{assistant_id}/subgraphs/{namespace}", new("assistants", "A graph within the graph")
            { Answer = "Subgraphs", Query = [("recurse", "boolean")] }),
    ];

    private static readonly (string Route, RouteText Text)[] Threads =
    [
        ("POST /threads", new("threads", "Begins a thread") { Body = "ThreadCreate", Answer = "Thread" }),
        ("POST /threads/search", new("threads", "Finds threads") { Body = "ThreadSearch", Answer = "[]Thread" }),
        ("POST /threads/count", new("threads", "Counts threads") { Body = "ThreadSearch", Answer = "Count" }),
        ("POST /threads/prune", new("threads", "Deletes threads, or takes their past out of sight")
            { Body = "ThreadPrune", Answer = "Pruned" }),
        ("GET /threads/{thread_id}", new("threads", "A thread") { Answer = "Thread" }),
        ("PATCH /threads/{thread_id}", new("threads", "Sets keys of a thread's metadata")
            { Body = "ThreadPatch", Answer = "Thread" }),
        ("DELETE /threads/{thread_id}", new("threads", "Deletes a thread and stops its run") { Status = 204 }),
        ("POST /threads/{thread_id}/copy", new("threads", "Makes a thread with the same state and past")
            { Answer = "Thread" }),
        ("GET /threads/{thread_id}/stream", new("threads", "All that happens on a thread, run after run")
            { ContentType = Events, Query = [("stream_mode", "string")] }),
        ("GET /threads/{thread_id}/state", new("state", "Where a thread stands")
            { Answer = "ThreadState", Query = [("subgraphs", "boolean"), ("select", "string")] }),
        ("POST /threads/{thread_id}/state", new("state", "Changes the state of a thread")
            { Body = "StateUpdate", Answer = "StateUpdated" }),
        ("PATCH /threads/{thread_id}/state", new("state", "Sets keys of a thread's metadata")
            { Body = "ThreadPatch", Status = 204 }),
        ("GET /threads/{thread_id}/state/{checkpoint_id}", new("state", "The state at a checkpoint")
            { Answer = "ThreadState", Query = [("subgraphs", "boolean"), ("select", "string")] }),
        ("POST /threads/{thread_id}/state/checkpoint", new("state", "The state at a checkpoint")
            { Body = "StateChoice", Answer = "ThreadState" }),
        ("GET /threads/{thread_id}/history", new("state", "The past of a thread's state, newest first")
            { Answer = "[]ThreadState", Query = [("limit", "integer"), ("before", "string"), ("select", "string")] }),
        ("POST /threads/{thread_id}/history", new("state", "The past of a thread's state, newest first")
            { Body = "HistorySearch", Answer = "[]ThreadState" }),
        ("GET /threads/{thread_id}/journal", new("state", "The facts of a thread, a page at a time")
            { Answer = "[]JournalEntry", Query = [("after", "integer"), ("limit", "integer")] }),
        ("GET /threads/{thread_id}/queue", new("queue", "The runs that wait for their turn") { Answer = "[]Run" }),
        ("PUT /threads/{thread_id}/queue", new("queue", "Puts the runs that wait into another order")
            { Body = "QueueOrder", Answer = "[]Run" }),
        ("PATCH /threads/{thread_id}/runs/{run_id}", new("queue", "Changes a run that waits")
            { Body = "RunParts", Answer = "Run" }),
        ("POST /threads/{thread_id}/runs/{run_id}/promote", new("queue", "Puts a run that waits before the others")
            { Answer = "Run", Query = [("action", "string")] }),
    ];

    private static readonly (string Route, RouteText Text)[] OfRuns =
    [
        .. Creating("/threads/{thread_id}/runs", "on a thread"),
        .. Creating("/runs", "on a thread of its own"),
        ("POST /runs/batch", new("runs", "Creates runs, each on a thread of its own")
            { Body = "[]RunCreate", Answer = "[]Run" }),
        ("GET /threads/{thread_id}/runs", new("runs", "The runs of a thread, newest first")
            { Answer = "[]Run", Query = [.. Page, ("status", "string"), ("select", "string")] }),
        .. Reading("/threads/{thread_id}/runs/{run_id}"),
        .. Reading("/runs/{run_id}"),
        ("POST /runs/cancel", new("runs", "Stops several runs of a thread")
            { Body = "RunsCancel", Status = 204, Query = [("action", "string")] }),
    ];

    private static readonly (string Route, RouteText Text)[] Others =
    [
        ("POST /runs/crons", new("crons", "Creates runs by a schedule, each on a thread of its own")
            { Body = "CronCreate", Answer = "Cron" }),
        ("POST /threads/{thread_id}/runs/crons", new("crons", "Creates runs by a schedule, on a thread")
            { Body = "CronCreate", Answer = "Cron" }),
        ("POST /runs/crons/search", new("crons", "Finds crons") { Body = "CronSearch", Answer = "[]Cron" }),
        ("POST /runs/crons/count", new("crons", "Counts crons") { Body = "CronSearch", Answer = "Count" }),
        ("PATCH /runs/crons/{cron_id}", new("crons", "Changes a cron") { Body = "CronPatch", Answer = "Cron" }),
        ("DELETE /runs/crons/{cron_id}", new("crons", "Deletes a cron") { Status = 204 }),
        ("PUT /store/items", new("store", "Puts an item") { Body = "ItemPut", Status = 204 }),
        ("GET /store/items", new("store", "An item, or null")
            { Answer = "Item", Query = [("namespace", "string"), ("key", "string"), ("refresh_ttl", "boolean")] }),
        ("DELETE /store/items", new("store", "Deletes an item") { Body = "ItemPlace", Status = 204 }),
        ("POST /store/items/search", new("store", "Finds items") { Body = "ItemSearch", Answer = "Items" }),
        ("POST /store/namespaces", new("store", "Lists namespaces")
            { Body = "NamespaceSearch", Answer = "Namespaces" }),
    ];

    private static readonly FrozenDictionary<string, RouteText> All = Meta.Concat(Assistants).Concat(Threads)
        .Concat(OfRuns)
        .Concat(Others)
        .ToFrozenDictionary(route => route.Route, route => route.Text, StringComparer.Ordinal);

    /// <summary>Every route that something is said of.</summary>
    public static IEnumerable<string> Routes => All.Keys;

    /// <summary>What is said of a route; null for one that nothing is said of.</summary>
    public static RouteText? Find(string method, string pattern) => All.GetValueOrDefault($"{method} {pattern}");

    private static (string, RouteText)[] Creating(string path, string where) =>
    [
        ($"POST {path}", new("runs", $"Creates a run {where}") { Body = "RunCreate", Answer = "Run" }),
        ($"POST {path}/wait", new("runs", $"Creates a run {where} and waits for its end")
            { Body = "RunCreate", Answer = "Outcome" }),
        ($"POST {path}/stream", new("runs", $"Creates a run {where} and streams its events")
            { Body = "RunCreate", ContentType = Events }),
    ];

    private static (string, RouteText)[] Reading(string path) =>
    [
        ($"GET {path}", new("runs", "A run") { Answer = "Run" }),
        ($"DELETE {path}", new("runs", "Deletes a run, stopping it first") { Status = 204 }),
        ($"GET {path}/join", new("runs", "Waits for the end of a run")
            { Answer = "Outcome", Query = [("cancel_on_disconnect", "boolean")] }),
        ($"GET {path}/stream", new("runs", "The events of a run, after Last-Event-ID")
            { ContentType = Events, Query = [("cancel_on_disconnect", "boolean"), ("stream_mode", "string")] }),
        ($"POST {path}/cancel", new("runs", "Stops a run")
            { Status = 204, Query = [("wait", "boolean"), ("action", "string")] }),
    ];
}
