using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ActorRuns.Agents;
using ActorRuns.Graphs;
using ActorRuns.Json;
using ActorRuns.Messages;

namespace ActorRuns.Server.Agents;

/// <summary>The agents that the server has without any configuration; they need no model and no network.</summary>
public static class DemoAgents
{
    /// <summary>The agent that a real one takes the place of when a model is configured.</summary>
    internal const string WeatherName = "agent";

    /// <summary>Makes the agents.</summary>
    /// <param name="defaults">How long the weather agent takes, unless a run says otherwise.</param>
    public static IEnumerable<AgentGraph> Create(DemoDelays defaults) =>
        [Weather(defaults), Echo(), Approval(), TwoQuestions(), Nested(), Slow()];

    private static AgentGraph Weather(DemoDelays defaults) => ChatAgent.Create(
        WeatherName,
        context => new WeatherModel(defaults.For(context.Settings), context.Time, $"call_{context.IdempotencyKey}"),
        new ChatAgentOptions { Tools = [WeatherTool.Create(defaults)] });

    private static AgentGraph Echo() => AgentGraph.Create("echo")
        .Channel(Channels.Messages, ChannelKind.Messages)
        .Channel("count", ChannelKind.LastValue)
        .Node("echo", (context, _) =>
        {
            var said = context.Messages is [.., var last] ? last.Text : string.Empty;
            var prefix = context.Settings["prefix"];
            var name = prefix.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null ? "echo" : Spoken(prefix);
            context.WriteCustom(Json(new JsonObject { ["echoed"] = said }));
            var count = Json(Number(context, "count") + 1);
            return Task.FromResult(NodeUpdate.Of(Ai(context, $"{name}: {said}")).With("count", count));
        })
        .Edge(GraphNodes.Start, "echo")
        .Edge("echo", GraphNodes.End)
        .Build();

    private static AgentGraph Approval() => AgentGraph.Create("approval")
        .Channel(Channels.Messages, ChannelKind.Messages)
        .Node("ask", Asks("Proceed?", "approved"))
        .Edge(GraphNodes.Start, "ask")
        .Edge("ask", GraphNodes.End)
        .Build();

    private static AgentGraph TwoQuestions() => AgentGraph.Create("two_questions")
        .Channel(Channels.Messages, ChannelKind.Messages)
        .Node("ask_one", Asks("One?", "one"))
        .Node("ask_two", Asks("Two?", "two"))
        .Edge(GraphNodes.Start, "ask_one")
        .Edge(GraphNodes.Start, "ask_two")
        .Edge("ask_one", GraphNodes.End)
        .Edge("ask_two", GraphNodes.End)
        .Build();

    private static AgentGraph Nested()
    {
        var child = AgentGraph.Create("child")
            .Channel(Channels.Messages, ChannelKind.Messages)
            .Node("inner", Says("inner"))
            .Edge(GraphNodes.Start, "inner")
            .Edge("inner", GraphNodes.End)
            .Build();
        return AgentGraph.Create("nested")
            .Channel(Channels.Messages, ChannelKind.Messages)
            .Node("outer", Says("outer"))
            .Node("child", child)
            .Edge(GraphNodes.Start, "outer")
            .Edge("outer", "child")
            .Edge("child", GraphNodes.End)
            .Build();
    }

    private static AgentGraph Slow() => AgentGraph.Create("slow")
        .Channel("steps", ChannelKind.LastValue)
        .Channel("ms", ChannelKind.LastValue)
        .Channel("done", ChannelKind.LastValue)
        .Node("slow", async (context, cancellationToken) =>
        {
            var steps = Number(context, "steps");
            for (var step = 1; step <= steps; step++)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(Number(context, "ms")), context.Time, cancellationToken);
                context.WriteCustom(Json(new JsonObject { ["step"] = step }));
            }

            return NodeUpdate.None.With("done", Json(steps));
        })
        .Edge(GraphNodes.Start, "slow")
        .Edge("slow", GraphNodes.End)
        .Build();

    private static NodeFunction Says(string text) => (context, _) => Task.FromResult(NodeUpdate.Of(Ai(context, text)));

    private static NodeFunction Asks(string question, string label) => (context, _) =>
    {
        var answer = context.Interrupt(Json(new JsonObject { ["question"] = question }));
        return Task.FromResult(NodeUpdate.Of(Ai(context, $"{label}: {Spoken(answer)}")));
    };

    private static Message Ai(NodeContext context, string text) =>
        new() { Id = context.NewMessageId(), Type = MessageType.Ai, Content = MessageContent.Of(text) };

    private static double Number(NodeContext context, string channel) =>
        context.State.Values.TryGetValue(channel, out var value) && value.ValueKind is JsonValueKind.Number
            ? value.GetDouble()
            : 0;

    private static JsonElement Json<T>(T value) => JsonSerializer.SerializeToElement(value);

    // A text as it is, anything else as compact JSON.
    private static string Spoken(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!, // It is a string.
        JsonValueKind.Undefined => "null",
        _ => Encoding.UTF8.GetString(StateJson.Write(value.WriteTo)),
    };
}
