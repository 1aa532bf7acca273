using ActorRuns.Messages;
using ActorRuns.Threads;
using Xunit;

namespace ActorRuns.Domain.Tests;

/// <summary>The messages of a channel, and which of the tool calls in them are open.</summary>
public sealed class TranscriptSpec
{
    private static readonly Message Question = Said("q", MessageType.Human);

    private static readonly Message Asking =
        Said("a", MessageType.Ai) with { ToolCalls = [Call("1"), Call("2"), Call("3")] };

    [Fact]
    public void A_message_with_a_new_id_is_appended()
    {
        var transcript = Transcript.Empty.Append(Question).Append(Asking);

        Assert.Equal("q a", Ids(transcript));
    }

    [Fact]
    public void A_message_with_a_known_id_takes_the_place_of_the_one_before()
    {
        var transcript = Transcript.Empty.Append(Question).Append(Asking)
            .Append(Question with { Content = MessageContent.Of("Anew.") });

        Assert.Equal("q a", Ids(transcript));
        Assert.Equal("Anew.", transcript.Find("q")!.Text);
    }

    [Fact]
    public void A_removed_message_is_gone_and_its_id_is_free_again()
    {
        var transcript = Transcript.Empty.Append(Question).Append(Asking).Remove("q");

        Assert.Equal("a", Ids(transcript));
        Assert.Null(transcript.Find("q"));
        Assert.Equal("a q", Ids(transcript.Append(Question)));
    }

    [Fact]
    public void Removing_what_is_not_there_changes_nothing()
    {
        var transcript = Transcript.Empty.Append(Question);

        Assert.Same(transcript, transcript.Remove("a"));
    }

    [Theory]
    [InlineData("1 2 3")]
    [InlineData("3 2 1")]
    [InlineData("2 3 1")]
    [InlineData("3 1 2")]
    public void Results_stand_in_the_order_of_the_calls_whichever_came_first(string order)
    {
        var transcript = order.Split(' ').Aggregate(
            Transcript.Empty.Append(Question).Append(Asking), (so, call) => so.AppendResult(Result(call)));

        Assert.Equal("q a r1 r2 r3", Ids(transcript));
    }

    [Fact]
    public void A_late_result_stands_behind_its_call_and_not_behind_what_was_said_since()
    {
        var transcript = Transcript.Empty.Append(Asking)
            .AppendResult(Result("2")).Append(Question).AppendResult(Result("3"));

        Assert.Equal("a r2 r3 q", Ids(transcript));
    }

    [Fact]
    public void A_result_that_nothing_asked_for_is_appended()
    {
        var transcript = Transcript.Empty.Append(Question).AppendResult(Result("1"));

        Assert.Equal("q r1", Ids(transcript));
    }

    [Fact]
    public void A_call_is_open_until_it_has_its_result()
    {
        var asked = ChannelValues.Empty.WithMessage("m", Asking);

        Assert.Equal("1 2 3", Open(asked));
        Assert.Equal("1 3", Open(asked.WithResult("m", Result("2"))));
    }

    [Fact]
    public void A_call_is_gone_with_the_message_that_asked_for_it()
    {
        var values = ChannelValues.Empty.WithMessage("m", Asking).WithoutMessage("m", "a");

        Assert.Equal("", Open(values));
    }

    [Fact]
    public void A_call_whose_result_is_taken_away_is_open_again_and_its_tool_has_run()
    {
        var values = Answered().WithoutMessage("m", "r2");

        Assert.Equal(new OpenToolCall("m", "2", "weather", Started: true), Assert.Single(values.OpenCalls));
    }

    [Fact]
    public void An_asking_message_that_is_replaced_does_not_open_calls_that_were_answered()
    {
        var values = Answered().WithMessage("m", Asking with { Content = MessageContent.Of("Edited.") });

        Assert.Equal("", Open(values));
    }

    [Fact]
    public void An_asking_message_that_is_replaced_asks_for_what_it_now_asks_for()
    {
        var values = ChannelValues.Empty.WithMessage("m", Asking).WithStarted("1")
            .WithMessage("m", Asking with { ToolCalls = [Call("1"), Call("4")] });

        Assert.Equal([("1", true), ("4", false)], values.OpenCalls.Select(call => (call.Id, call.Started)));
    }

    [Fact]
    public void A_result_that_is_replaced_by_another_of_the_same_call_leaves_it_closed()
    {
        var values = Answered().WithMessage("m", Result("2") with { Content = MessageContent.Of("Rain.") });

        Assert.Equal("", Open(values));
    }

    [Fact]
    public void A_result_in_another_channel_answers_nothing()
    {
        var values = ChannelValues.Empty.WithMessage("m", Asking);

        Assert.False(values.IsAwaited("other", Result("1")));
        Assert.Equal("1 2 3", Open(values.WithMessage("other", Result("1"))));
    }

    [Fact]
    public void Two_channels_may_use_the_same_call_id()
    {
        var values = ChannelValues.Empty.WithMessage("m", Asking).WithMessage("n", Asking)
            .WithResult("n", Result("1"));

        Assert.Equal("m1 m2 m3 n2 n3", string.Join(' ', values.OpenCalls.Select(call => call.Channel + call.Id)));
    }

    [Fact]
    public void Taking_all_messages_away_leaves_no_call_open()
    {
        var values = ChannelValues.Empty.WithMessage("m", Asking).WithResult("m", Result("2"))
            .With(new ChannelWrite.RemoveMessage("m", ChannelWrite.RemoveMessage.All));

        Assert.Equal(("", ""), (Ids(values.MessagesOf("m")), Open(values)));
    }

    [Fact]
    public void Marking_a_call_that_is_not_open_changes_nothing()
    {
        var values = Answered();

        Assert.Same(values, values.WithStarted("2"));
    }

    private static ChannelValues Answered() => ChannelValues.Empty.WithMessage("m", Asking)
        .WithResult("m", Result("1")).WithResult("m", Result("2")).WithResult("m", Result("3"));

    private static string Ids(Transcript transcript) =>
        string.Join(' ', transcript.Messages.Select(message => message.Id));

    private static string Open(ChannelValues values) => string.Join(' ', values.OpenCalls.Select(call => call.Id));

    private static Message Said(string id, string type) => new() { Id = id, Type = type };

    private static ToolCall Call(string id) => new(id, "weather", default);

    private static Message Result(string call) => Said($"r{call}", MessageType.Tool) with { ToolCallId = call };
}
