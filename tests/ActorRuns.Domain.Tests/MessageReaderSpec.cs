using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using ActorRuns.Messages;
using Xunit;

namespace ActorRuns.Domain.Tests;

/// <summary>The forms in which clients send messages.</summary>
public sealed class MessageReaderSpec
{
    private const string Calls = "tool_calls that are a list of objects with id, name and args";

    [Theory]
    [InlineData("\"hi\"", MessageType.Human)]
    [InlineData("""{"type":"human","content":"hi"}""", MessageType.Human)]
    [InlineData("""{"type":"user","content":"hi"}""", MessageType.Human)]
    [InlineData("""{"role":"human","content":"hi"}""", MessageType.Human)]
    [InlineData("""{"role":"user","content":"hi"}""", MessageType.Human)]
    [InlineData("""{"role":"assistant","content":"hi"}""", MessageType.Ai)]
    [InlineData("""{"type":"ai","content":"hi"}""", MessageType.Ai)]
    [InlineData("""{"role":"system","content":"hi"}""", MessageType.System)]
    [InlineData("""{"role":"tool","content":"hi","tool_call_id":"1"}""", MessageType.Tool)]
    [InlineData("""["user","hi"]""", MessageType.Human)]
    [InlineData("""["assistant",[{"type":"text","text":"hi"}]]""", MessageType.Ai)]
    [InlineData("""{"role":"developer","content":"hi"}""", "developer")]
    [InlineData("""{"role":"user","content":[{"type":"text","text":"h"},"i",{"type":"image"}]}""", MessageType.Human)]
    public void A_message_says_its_text_and_its_kind(string json, string type)
    {
        var message = Read(json);

        Assert.Equal((type, "hi"), (message.Type, message.Text));
    }

    [Theory]
    [InlineData("""{"role":"user","content":"hi"}""")]
    [InlineData("""{"role":"user","content":"hi","id":""}""")]
    [InlineData("""{"role":"user","content":"hi","id":null}""")]
    public void A_message_without_an_id_gets_a_new_one(string json) => Assert.Equal("new", Read(json).Id);

    [Theory]
    [InlineData("HumanMessage", MessageType.Human)]
    [InlineData("AIMessageChunk", MessageType.Ai)]
    [InlineData("SystemMessage", MessageType.System)]
    [InlineData("ChatMessage", "critic")]
    public void A_message_object_of_LangChain_is_called_by_its_class(string name, string type)
    {
        var message = Read($$$"""
            {"lc":1,"type":"constructor","id":["m","{{{name}}}"],"kwargs":{"role":"critic","content":"hi"}}
            """);

        Assert.Equal((type, "hi"), (message.Type, message.Text));
    }

    [Fact]
    public void A_message_object_of_LangChain_keeps_its_fields()
    {
        var message = Read("""
            {"lc":1,"type":"constructor","id":["langchain_core","messages","ToolMessage"],"kwargs":
             {"id":"t1","content":"hi","tool_call_id":"c1","status":"error","artifact":7}}
            """);

        Assert.Equal(("t1", "c1", ToolStatus.Error), (message.Id, message.ToolCallId, message.Status));
        Assert.Equal(["artifact"], message.Extra.Keys);
    }

    [Fact]
    public void A_message_keeps_the_id_it_has() =>
        Assert.Equal("mine", Read("""{"role":"user","content":"hi","id":"mine"}""").Id);

    [Theory]
    [InlineData("""{"role":"user"}""")]
    [InlineData("""{"role":"user","content":null}""")]
    public void A_message_without_content_says_nothing(string json) => Assert.Equal(string.Empty, Read(json).Text);

    [Fact]
    public void Content_blocks_are_kept_as_they_came()
    {
        var message = Read("""{"role":"user","content":[{"type":"image_url","image_url":"x"}]}""");

        Assert.True(message.Content.HasBlocks);
        Assert.Equal("""[{"type":"image_url","image_url":"x"}]""", message.Content.Blocks.GetRawText());
    }

    [Fact]
    public void Tool_calls_are_read_in_their_order()
    {
        var message = Read(
            """{"role":"ai","tool_calls":[{"id":"1","name":"weather","args":{"q":"SF"}},{"id":"2","name":"time"}]}""");

        Assert.Equal(
            [("1", "weather", JsonValueKind.Object), ("2", "time", JsonValueKind.Undefined)],
            message.ToolCalls.Select(call => (call.Id, call.Name, call.Args.ValueKind)));
    }

    [Theory]
    [InlineData("\"success\"", ToolStatus.Success)]
    [InlineData("\"error\"", ToolStatus.Error)]
    [InlineData("\"odd\"", null)]
    [InlineData("1", null)]
    public void A_tool_says_how_it_ended(string status, ToolStatus? expected) =>
        Assert.Equal(expected, Read($$"""{"role":"tool","tool_call_id":"1","status":{{status}}}""").Status);

    [Fact]
    public void Every_other_field_is_kept_as_it_came()
    {
        var message = Read("""{"role":"ai","content":"hi","usage_metadata":{"input_tokens":3},"name":"bot"}""");

        Assert.Equal("bot", message.Name);
        Assert.Equal(["usage_metadata"], message.Extra.Keys);
        Assert.Equal("""{"input_tokens":3}""", message.Extra["usage_metadata"].GetRawText());
    }

    [Fact]
    public void Of_a_field_that_comes_twice_the_last_counts() =>
        Assert.Equal("2", Read("""{"role":"user","x":1,"x":2}""").Extra["x"].GetRawText());

    [Theory]
    [InlineData("42", "a message object")]
    [InlineData("null", "a message object")]
    [InlineData("[]", "a message object")]
    [InlineData("{}", "a message with a type or a role")]
    [InlineData("""{"type":1}""", "a message with a type or a role")]
    [InlineData("""{"role":"user","content":1}""", "a message whose content is a string or a list of content blocks")]
    [InlineData("""{"role":"tool","content":"x"}""", "a tool message with a tool_call_id")]
    [InlineData("""{"type":"remove"}""", "a removal with the id of a message")]
    [InlineData("""{"role":"ai","tool_calls":{}}""", Calls)]
    [InlineData("""{"role":"ai","tool_calls":[{"id":"1"}]}""", Calls)]
    [InlineData("""{"role":"ai","tool_calls":[1]}""", Calls)]
    public void What_is_no_message_says_what_would_have_been(string json, string expected)
    {
        Assert.False(TryRead(json, out _, out var fault));
        Assert.Equal(expected, fault);
    }

    private static Message Read(string json)
    {
        Assert.True(TryRead(json, out var message, out var expected), expected);
        return message;
    }

    private static bool TryRead(
        string json, [NotNullWhen(true)] out Message? message, [NotNullWhen(false)] out string? expected) =>
        MessageReader.TryRead(JsonElement.Parse(json), () => "new", out message, out expected);
}
