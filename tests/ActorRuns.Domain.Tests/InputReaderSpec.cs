using System.Text.Json;
using ActorRuns.Domain.Tests.Scenes;
using ActorRuns.Threads;
using Xunit;

namespace ActorRuns.Domain.Tests;

/// <summary>How an input becomes writes to the channels of a graph.</summary>
public sealed class InputReaderSpec
{
    [Theory]
    [InlineData("""{"messages":"hi"}""", "human:hi")]
    [InlineData("""{"messages":{"role":"user","content":"hi"}}""", "human:hi")]
    [InlineData("""{"messages":["hi",{"role":"ai","content":"ho"}]}""", "human:hi ai:ho")]
    [InlineData("""{"messages":[]}""", "")]
    [InlineData("""{"messages":[{"type":"remove","id":"m1"}]}""", "-m1")]
    [InlineData("""{"messages":[{"type":"remove","id":"__remove_all__"}]}""", "-__remove_all__")]
    [InlineData("""{"city":"SF","messages":"hi","count":2}""", "city=SF human:hi count=2")]
    [InlineData("""{"city":null}""", "city=")]
    [InlineData("{}", "")]
    public void An_input_is_writes_in_its_order(string input, string expected)
    {
        var (writes, refusal) = Read(input);

        Assert.Null(refusal);
        Assert.Equal(expected, string.Join(' ', writes.Select(Say)));
    }

    [Theory]
    [InlineData("[]", "input", "an object whose keys are the graph's channels")]
    [InlineData("\"hi\"", "input", "an object whose keys are the graph's channels")]
    [InlineData("""{"messages":42}""", "input.messages", "a message object")]
    [InlineData("""{"messages":null}""", "input.messages", "a message object")]
    [InlineData("""{"messages":["hi",{"content":"ho"}]}""", "input.messages", "a message with a type or a role")]
    public void An_input_that_does_not_fit_writes_nothing(string input, string field, string expected)
    {
        var (writes, refusal) = Read(input);

        Assert.Empty(writes);
        Assert.Equal(new Refusal.InvalidInput(field, expected), refusal);
    }

    [Fact]
    public void A_channel_that_is_not_declared_keeps_its_last_value()
    {
        var (writes, _) = InputReader.Read(
            TestGraphs.Plain, "input", JsonElement.Parse("""{"messages":[42]}"""), () => "new");

        Assert.IsType<ChannelWrite.SetValue>(Assert.Single(writes));
    }

    private static (IEnumerable<ChannelWrite> Writes, Refusal? Refusal) Read(string input) =>
        InputReader.Read(TestGraphs.Agent, "input", JsonElement.Parse(input), () => "new");

    private static string Say(ChannelWrite write) => write switch
    {
        ChannelWrite.AppendMessage(_, var message) => $"{message.Type}:{message.Text}",
        ChannelWrite.RemoveMessage(_, var id) => $"-{id}",
        ChannelWrite.SetValue(var channel, var value) => $"{channel}={value}",
        _ => throw new ArgumentOutOfRangeException(nameof(write)),
    };
}
