using System.Text.Json.Nodes;

namespace ActorRuns.Server.Tests.Fuzz;

/// <summary>A request that a server takes as it is, before anything hostile is done to it.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Route">The path, with the names of ids in braces.</param>
/// <param name="Body">The JSON; null for none.</param>
internal sealed record FuzzSeed(string Method, string Route, string? Body)
{
    /// <summary>The route as the list of all routes writes it: without what follows a question mark.</summary>
    public string Name => $"{Route.Split('?')[0]} {Method}";

    /// <summary>True when the answer may take as long as the run that it waits for.</summary>
    public bool MayWait => Route.Contains("/wait", StringComparison.Ordinal)
        || Route.Contains("/stream", StringComparison.Ordinal)
        || Route.Contains("/join", StringComparison.Ordinal)
        || Route.Contains("/cancel", StringComparison.Ordinal);

    /// <summary>The body as something that can be changed.</summary>
    public JsonNode? Parse() => Body is null ? null : JsonNode.Parse(Body);
}

/// <summary>Valid requests to every route, with the fields that clients send.</summary>
internal static class FuzzCorpus
{
    private const string Run = """
        {
          "assistant_id": "echo", "input": {"messages": [{"role": "human", "content": "hello", "id": "m1"}]},
          "config": {"configurable": {"prefix": "e", "actorruns_debounce_ms": 1}, "tags": ["t"], "recursion_limit": 10},
          "metadata": {"k": "v", "n": 1}, "context": {"user": "u"}, "stream_mode": ["values", "updates"],
          "stream_subgraphs": false, "stream_resumable": true, "interrupt_before": [], "interrupt_after": ["x"],
          "multitask_strategy": "interrupt", "if_not_exists": "create", "on_disconnect": "cancel",
          "after_seconds": 0, "durability": "async", "feedback_keys": ["f"], "webhook": "http://10.0.0.1/x"
        }
        """;

    private const string Resume = """
        {"assistant_id": "approval", "command": {"resume": true, "update": {"messages": []}, "goto": "ask"}}
        """;

    private const string Fork = """
        {"assistant_id": "echo", "input": null, "checkpoint": {"checkpoint_id": "{checkpoint_id}", "checkpoint_ns": ""}}
        """;

    private const string Cron = """
        {"assistant_id": "echo", "schedule": "0 0 1 1 *", "timezone": "Europe/Berlin", "input": {}, "enabled": false}
        """;

    private const string Search = """
        {"metadata": {"k": "v"}, "limit": 3, "offset": 0, "sort_by": "created_at", "sort_order": "desc"}
        """;

    private const string Edit = """
        {"values": {"messages": [{"role": "human", "content": "x"}]}, "as_node": "echo"}
        """;

    /// <summary>All of them; a route may be there more than once.</summary>
    public static IReadOnlyList<FuzzSeed> Seeds { get; } =
    [
        new("GET", "/ok", null),
        new("GET", "/health/live", null),
        new("GET", "/health/ready", null),
        new("GET", "/cluster", null),
        new("GET", "/info", null),
        new("GET", "/docs", null),
        new("GET", "/metrics", null),
        new("GET", "/openapi.json", null),
        new("POST", "/assistants", """
            {"graph_id": "echo", "name": "n", "config": {}, "metadata": {"k": 1}, "if_exists": "raise"}
            """),
        new("POST", "/assistants/search", """
            {"graph_id": "echo", "limit": 5, "offset": 0, "select": ["assistant_id"]}
            """),
        new("POST", "/assistants/count", """{"graph_id": "echo", "metadata": {}}"""),
        new("GET", "/assistants/{assistant_id}", null),
        new("PATCH", "/assistants/{assistant_id}", """
            {"name": "m", "metadata": {"a": null}, "config": {"tags": []}}
            """),
        new("DELETE", "/assistants/{assistant_id}", null),
        new("GET", "/assistants/{assistant_id}/graph?xray=1", null),
        new("GET", "/assistants/{assistant_id}/schemas", null),
        new("GET", "/assistants/{assistant_id}/subgraphs?recurse=true", null),
        new("GET", "/assistants/{assistant_id}/subgraphs/{namespace}", null),
        new("POST", "/assistants/{assistant_id}/latest", """{"version": 1}"""),
        new("POST", "/assistants/{assistant_id}/versions", """{"limit": 2, "offset": 0}"""),
        new("POST", "/threads", """
            {"thread_id": "{thread_id}", "metadata": {"k": "v"}, "if_exists": "do_nothing"}
            """),
        new("POST", "/threads", """
            {"supersteps": [{"updates": [{"values": {"messages": []}, "as_node": "__start__"}]}], "graph_id": "echo"}
            """),
        new("POST", "/threads", """
            {"metadata": {"graph_id": "echo"}, "supersteps": [{"updates": [
                {"command": {"update": {"count": 1}, "goto": ["echo"]}, "as_node": "echo"},
                {"command": {"update": [["k", 1]], "goto": {"node": "echo", "input": 1}}, "as_node": "__start__"}]}]}
            """),
        new("POST", "/threads/search", Search),
        new("POST", "/threads/count", """{"status": "idle", "metadata": {}}"""),
        new("GET", "/threads/{thread_id}", null),
        new("PATCH", "/threads/{thread_id}", """{"metadata": {"k": "w"}}"""),
        new("DELETE", "/threads/{thread_id}", null),
        new("POST", "/threads/{thread_id}/copy", "{}"),
        new("POST", "/threads/prune", """{"thread_ids": ["{thread_id}"], "strategy": "keep_latest"}"""),
        new("GET", "/threads/{thread_id}/stream?stream_modes=run_modes", null),
        new("GET", "/threads/{thread_id}/journal?after=1&limit=2", null),
        new("GET", "/threads/{thread_id}/queue", null),
        new("PUT", "/threads/{thread_id}/queue", """{"run_ids": ["{run_id}"]}"""),
        new("PATCH", "/threads/{thread_id}/runs/{run_id}", """{"input": {"messages": []}, "after_seconds": 1}"""),
        new("POST", "/threads/{thread_id}/runs/{run_id}/promote?action=interrupt", null),
        new("GET", "/threads/{thread_id}/history?limit=2", null),
        new("POST", "/threads/{thread_id}/history", """
            {"limit": 2, "before": {"checkpoint_id": "{checkpoint_id}"}}
            """),
        new("GET", "/threads/{thread_id}/state?subgraphs=true", null),
        new("GET", "/threads/{thread_id}/state?select=[%22values.messages%22,%22next%22]", null),
        new("PATCH", "/threads/{thread_id}/state", """{"metadata": {"k": "s"}}"""),
        new("POST", "/threads/{thread_id}/state", Edit),
        new("POST", "/threads/{thread_id}/state/checkpoint", """
            {"checkpoint": {"checkpoint_id": "{checkpoint_id}"}, "select": ["values.messages"], "subgraphs": true}
            """),
        new("GET", "/threads/{thread_id}/state/{checkpoint_id}", null),
        new("GET", "/threads/{thread_id}/runs?limit=2&status=success", null),
        new("POST", "/threads/{thread_id}/runs", Run),
        new("POST", "/threads/{thread_id}/runs", Resume),
        new("POST", "/threads/{thread_id}/runs", Fork),
        new("POST", "/threads/{thread_id}/runs/stream", Run),
        new("POST", "/threads/{thread_id}/runs/wait", Run),
        new("POST", "/threads/{thread_id}/runs/crons", Cron),
        new("GET", "/threads/{thread_id}/runs/{run_id}", null),
        new("DELETE", "/threads/{thread_id}/runs/{run_id}", null),
        new("POST", "/threads/{thread_id}/runs/{run_id}/cancel?action=interrupt&wait=false", null),
        new("GET", "/threads/{thread_id}/runs/{run_id}/join", null),
        new("GET", "/threads/{thread_id}/runs/{run_id}/stream?stream_mode=values&cancel_on_disconnect=0", null),
        new("POST", "/runs", Run),
        new("GET", "/runs/{run_id}", null),
        new("GET", "/runs/{run_id}/join", null),
        new("GET", "/runs/{run_id}/stream", null),
        new("POST", "/runs/{run_id}/cancel?wait=0", null),
        new("DELETE", "/runs/{run_id}", null),
        new("POST", "/runs/batch", $"[{Run}, {Run}]"),
        new("POST", "/runs/stream", Run),
        new("POST", "/runs/wait", Run),
        new("POST", "/runs/cancel?action=interrupt", """{"thread_id": "{thread_id}", "run_ids": ["{run_id}"]}"""),
        new("POST", "/runs/crons", Cron),
        new("POST", "/runs/crons/search", """{"limit": 2, "offset": 0, "assistant_id": "{assistant_id}"}"""),
        new("POST", "/runs/crons/count", "{}"),
        new("PATCH", "/runs/crons/{cron_id}", """{"enabled": true, "schedule": "5 4 1 1 *"}"""),
        new("DELETE", "/runs/crons/{cron_id}", null),
        new("PUT", "/store/items", """{"namespace": ["a", "b"], "key": "k", "value": {"x": [1, 2]}, "ttl": 1}"""),
        new("GET", "/store/items?namespace=a.b&key=k", null),
        new("DELETE", "/store/items", """{"namespace": ["a", "b"], "key": "k"}"""),
        new("POST", "/store/items/search", """
            {"namespace_prefix": ["a"], "filter": {"x": {"$gt": 1}}, "query": "t", "limit": 2}
            """),
        new("POST", "/store/namespaces", """{"prefix": ["a"], "suffix": ["b"], "max_depth": 2, "limit": 3}"""),
    ];
}
