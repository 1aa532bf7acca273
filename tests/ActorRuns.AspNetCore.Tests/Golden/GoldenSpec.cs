using System.Reflection;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ActorRuns.Graphs;
using ActorRuns.Messages;
using Xunit;

namespace ActorRuns.AspNetCore.Tests.Golden;

/// <summary>
/// Requests with the answers that were approved, word by word: every route, and every way in which one refuses. The
/// files beside this one are read from top to bottom; a request may use the ids of the answers before it.
/// </summary>
public sealed class GoldenSpec : ApiTest
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly string[] Headers =
    [
        "Location", "Content-Location", "X-Pagination-Total", "X-Pagination-Next", "Idempotency-Replayed", "Allow",
        "Retry-After",
    ];

    public static TheoryData<string> Files => [.. FilesOfThisAssembly()];

    protected override IEnumerable<AgentGraph> Graphs => [.. base.Graphs, Echo(), Approval(), Failing()];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Each_request_is_answered_as_approved(string file)
    {
        var approved = Read(file);
        var ids = new IdNames();
        var actual = new List<string>();
        foreach (var exchange in Exchange.ReadAll(approved))
            actual.Add($"{exchange.Text}\n\n{ids.Hide(await AnswerAsync(exchange, ids))}\n");

        var text = string.Join('\n', actual);
        if (text == approved)
            return;

        var received = Path.Combine(AppContext.BaseDirectory, file);
        await File.WriteAllTextAsync(received, text);
        Assert.Fail($"{Difference(approved, text)}\n\nIf this change is meant, approve it with\n"
            + $"cp {received} tests/ActorRuns.AspNetCore.Tests/Golden/{file}");
    }

    private async Task<string> AnswerAsync(Exchange exchange, IdNames ids)
    {
        try
        {
            return await SendAsync(exchange, ids).WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            return $"{Exchange.AnswerMark}no answer within {Patience}";
        }
    }

    private async Task<string> SendAsync(Exchange exchange, IdNames ids)
    {
        using var request = new HttpRequestMessage(exchange.Method, ids.Show(exchange.Path));
        foreach (var (name, value) in exchange.Headers)
            request.Headers.TryAddWithoutValidation(name, ids.Show(value));
        if (exchange.Body.Length > 0)
            request.Content = new StringContent(ids.Show(exchange.Body), Encoding.UTF8, "application/json");

        using var answer = await Client.SendAsync(request);
        var body = await answer.Content.ReadAsStringAsync();
        return string.Join('\n',
        [
            $"{Exchange.AnswerMark}{(int)answer.StatusCode} {answer.Content.Headers.ContentType?.MediaType}".TrimEnd(),
            .. Headers.SelectMany(name => ValuesOf(answer, name)),
            .. body.Length is 0 ? Array.Empty<string>() : [Written(answer, body)],
        ]);
    }

    private static IEnumerable<string> ValuesOf(HttpResponseMessage answer, string header) =>
        answer.Headers.TryGetValues(header, out var values) || answer.Content.Headers.TryGetValues(header, out values)
            ? values.Select(value => $"{header}: {value}")
            : [];

    private static string Written(HttpResponseMessage answer, string body) =>
        answer.Content.Headers.ContentType?.MediaType is "application/json" or "application/problem+json"
            ? JsonSerializer.Serialize(JsonElement.Parse(body), Indented)
            : body.TrimEnd().Replace("\n\n", "\n \n", StringComparison.Ordinal); // An empty line ends an exchange.

    private static string Difference(string approved, string actual)
    {
        var (before, now) = (approved.Split('\n'), actual.Split('\n'));
        var line = before.Zip(now).TakeWhile(pair => pair.First == pair.Second).Count();
        return $"line {line + 1}\n- {before.ElementAtOrDefault(line)}\n+ {now.ElementAtOrDefault(line)}";
    }

    private static AgentGraph Echo() => AgentGraph.Create("echo")
        .Channel(Channels.Messages, ChannelKind.Messages)
        .Node("echo", (context, _) =>
            Task.FromResult(NodeUpdate.Of(Says(context, $"echo: {context.Messages[^1].Text}"))))
        .Edge(GraphNodes.Start, "echo")
        .Edge("echo", GraphNodes.End)
        .Build();

    private static AgentGraph Approval() => AgentGraph.Create("approval")
        .Channel(Channels.Messages, ChannelKind.Messages)
        .Node("ask", (context, _) =>
        {
            var answer = context.Interrupt(JsonElement.Parse("""{"question":"Proceed?"}"""));
            return Task.FromResult(NodeUpdate.Of(Says(context, $"answered: {answer}")));
        })
        .Edge(GraphNodes.Start, "ask")
        .Edge("ask", GraphNodes.End)
        .Build();

    private static AgentGraph Failing() => AgentGraph.Create("failing")
        .Channel(Channels.Messages, ChannelKind.Messages)
        .Node("fail", (_, _) => throw new InvalidOperationException("out of order"))
        .Edge(GraphNodes.Start, "fail")
        .Edge("fail", GraphNodes.End)
        .Build();

    private static Message Says(NodeContext context, string text) => new()
    {
        Id = context.NewMessageId(),
        Type = MessageType.Ai,
        Content = MessageContent.Of(text),
    };

    private static IEnumerable<string> FilesOfThisAssembly() => Assembly.GetExecutingAssembly()
        .GetManifestResourceNames()
        .Where(name => name.EndsWith(".http", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal);

    private static string Read(string file)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(file)!; // Named by the assembly.
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
