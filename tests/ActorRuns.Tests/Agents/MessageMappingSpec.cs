using System.Text.Json;
using ActorRuns.Agents;
using ActorRuns.Messages;
using Microsoft.Extensions.AI;
using Xunit;
using static ActorRuns.Tests.Agents.Transcripts;

namespace ActorRuns.Tests.Agents;

public sealed class MessageMappingSpec
{
    private const string Pixel = "iVBORw0KGgo=";

    public static TheoryData<string> LangChainMessages { get; } =
    [
        """{"type":"human","content":"hi"}""",
        """{"type":"human","content":"hi","name":"ann","example":false}""",
        """{"type":"system","content":"be kind"}""",
        """{"type":"developer","content":"be kind"}""",
        """{"type":"ai","content":"","tool_calls":[{"id":"a","name":"t","args":{"q":[1,{"x":null}]}}]}""",
        """{"type":"ai","content":"","tool_calls":[{"id":"a","name":"t"},{"id":"b","name":"t","args":"bad"}]}""",
        """{"type":"ai","content":"ok","response_metadata":{"model_name":"m"},"additional_kwargs":{"refusal":"no"}}""",
        """{"type":"ai","content":"ok","created_at":"2026-05-01T10:00:00Z"}""",
        """
        {"type":"ai","content":"ok","usage_metadata":{"input_tokens":3,"output_tokens":4,"total_tokens":7,
        "input_token_details":{"cache_read":2,"cache_creation":1}}}
        """,
        """{"type":"tool","content":"18","tool_call_id":"a","name":"t","status":"success","artifact":{"raw":[1]}}""",
        """{"type":"tool","content":"it broke","tool_call_id":"a","status":"error"}""",
        """{"type":"tool","content":[{"type":"text","text":"x"}],"tool_call_id":"a","status":"success"}""",
        """
        {"type":"tool","content":[{"type":"image","base64":"iVBORw0KGgo=","mime_type":"image/png"}],
        "tool_call_id":"a","status":"success"}
        """,
        """{"type":"human","content":["plain",{"type":"text","text":"hi","cache_control":{"type":"ephemeral"}}]}""",
        """{"type":"human","content":[{"type":"image_url","image_url":{"url":"https://x.example/","detail":"low"}}]}""",
        """
        {"type":"human","content":[{"type":"file","source_type":"id","id":"file-1"},
        {"type":"video","url":"https://x.example/v"}]}
        """,
        """
        {"type":"ai","content":[{"type":"thinking","thinking":"hm","signature":"s"},
        {"type":"text","text":"so","annotations":[{"type":"citation"}]}]}
        """,
        """{"type":"ai","content":[{"type":"server_tool_call","id":"x","anything":1}]}""",
    ];

    [Theory]
    [MemberData(nameof(LangChainMessages))]
    public void A_message_in_LangChains_shape_comes_back_as_it_was(string json)
    {
        var message = Read(json);

        var back = MessageMapping.ToMessages(MessageMapping.ToChatMessage(message), () => "unused");

        Assert.Equal(Wire(message), Wire(Assert.Single(back)));
    }

    [Fact]
    public void Every_dialect_of_an_image_is_given_to_the_model_as_an_image()
    {
        string[] dialects =
        [
            """{"type":"image_url","image_url":"data:image/png;base64,iVBORw0KGgo="}""",
            """{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgo="}}""",
            """{"type":"image","source_type":"base64","data":"iVBORw0KGgo=","mime_type":"image/png"}""",
            """{"type":"image","base64":"iVBORw0KGgo=","mimeType":"image/png"}""",
            """{"type":"image","source":{"type":"base64","media_type":"image/png","data":"iVBORw0KGgo="}}""",
        ];

        foreach (var dialect in dialects)
        {
            var image = Assert.IsType<DataContent>(Assert.Single(ContentsOf(dialect)));
            Assert.Equal(("image/png", Pixel), (image.MediaType, image.Base64Data.ToString()));
        }
    }

    [Theory]
    [InlineData("""{"type":"file","file":{"file_data":"data:text/csv;base64,AAAA","filename":"a.csv"}}""")]
    [InlineData("""{"type":"document","title":"a.csv","source":{"media_type":"text/csv","data":"AAAA"}}""")]
    [InlineData("""{"type":"file","base64":"AAAA","mime_type":"text/csv","extras":{"filename":"a.csv"}}""")]
    public void Every_dialect_of_a_file_is_given_to_the_model_with_its_name(string block)
    {
        var file = Assert.IsType<DataContent>(Assert.Single(ContentsOf(block)));

        Assert.Equal(("text/csv", "a.csv"), (file.MediaType, file.Name));
    }

    [Theory]
    [InlineData("""{"type":"image_url","image_url":{"url":"not an address"}}""")]
    [InlineData("""{"type":"image","base64":"%%%","mime_type":"no media type"}""")]
    [InlineData("""{"type":"file"}""")]
    public void The_model_is_told_of_an_attachment_that_cannot_be_read(string block)
    {
        var told = Assert.IsType<TextContent>(Assert.Single(ContentsOf(block)));

        Assert.EndsWith("that cannot be read]", told.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_failed_tool_is_told_to_the_model_as_failed()
    {
        var message = MessageMapping.ToChatMessage(Answers("a", "it broke") with { Status = ToolStatus.Error });

        var result = Assert.IsType<FunctionResultContent>(Assert.Single(message.Contents));
        Assert.Equal(("a", "it broke", "it broke"), (result.CallId, result.Result, result.Exception?.Message));
    }

    [Fact]
    public void A_models_message_comes_back_as_it_was()
    {
        var message = new ChatMessage(ChatRole.Assistant,
        [
            new TextReasoningContent("hm") { ProtectedData = "signed" },
            new TextContent("so")
            {
                Annotations = [new CitationAnnotation { Title = "source", Url = new Uri("https://x.example/") }],
            },
            new DataContent($"data:image/png;base64,{Pixel}"),
            new UriContent("https://x.example/a.pdf", "application/pdf"),
            new HostedFileContent("file-1") { MediaType = "application/pdf", Name = "a.pdf" },
            new ErrorContent("refused") { ErrorCode = "policy" },
            new FunctionCallContent("a", "t", new Dictionary<string, object?> { ["q"] = "x" }),
            new UsageContent(new() { InputTokenCount = 3, OutputTokenCount = 4, TotalTokenCount = 7 }),
        ])
        {
            MessageId = "1",
            AuthorName = "bot",
        };

        var there = Assert.Single(MessageMapping.ToMessages(message, () => "unused"));
        var back = MessageMapping.ToChatMessage(Stored(there));

        Assert.Equal("so", there.Text);
        Assert.Equal(("1", "bot", ChatRole.Assistant), (back.MessageId, back.AuthorName, back.Role));
        Assert.Equal(message.Contents.Select(Json), back.Contents.Select(Json));
    }

    [Fact]
    public void Properties_that_a_message_has_fields_for_are_kept_beside_them()
    {
        var message = new ChatMessage(ChatRole.Assistant, "hi")
        {
            MessageId = "1",
            AdditionalProperties = new() { ["content"] = "shadow", ["logprobs"] = new[] { 0.5 } },
        };

        var extra = Assert.Single(MessageMapping.ToMessages(message, () => "unused")).Extra;

        Assert.Equal("""{"content":"shadow"}""", extra["additional_kwargs"].GetRawText());
        Assert.Equal("[0.5]", extra["logprobs"].GetRawText());
    }

    [Fact]
    public void Each_of_several_results_becomes_a_message()
    {
        var message = new ChatMessage(ChatRole.Tool,
        [
            new FunctionResultContent("a", JsonElement.Parse("\"text\"")),
            new FunctionResultContent("b", new { degrees = 18 }),
            new FunctionResultContent("c", null) { Exception = new InvalidOperationException("broke") },
        ])
        {
            MessageId = "1",
        };
        var ids = 1;

        var results = MessageMapping.ToMessages(message, () => $"{++ids}");

        Assert.Equal(["1", "2", "3"], results.Select(result => result.Id));
        Assert.Equal(["text", """{"degrees":18}""", "broke"], results.Select(result => result.Text));
        Assert.Equal([false, false, true], results.Select(result => result.Status is ToolStatus.Error));
    }

    private static IList<AIContent> ContentsOf(string block) =>
        MessageMapping.ToChatMessage(Read($$"""{"type":"human","content":[{{block}}]}""")).Contents;

    // As it comes out of the journal: nothing is left of the objects it was made from.
    private static Message Stored(Message message) => Read(Wire(message));

    private static string Json(AIContent content) => JsonSerializer.Serialize(content, AIJsonUtilities.DefaultOptions);
}
