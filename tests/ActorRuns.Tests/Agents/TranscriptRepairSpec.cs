using ActorRuns.Agents;
using ActorRuns.Messages;
using Xunit;
using Xunit.Abstractions;
using static ActorRuns.Agents.TranscriptFaultKind;
using static ActorRuns.Tests.Agents.Transcripts;

namespace ActorRuns.Tests.Agents;

public sealed class TranscriptRepairSpec(ITestOutputHelper output)
{
    [Fact]
    public void A_sound_transcript_has_no_faults_and_is_left_as_it_is()
    {
        Message[] sound = [Human("hi"), Asks("a", "b"), Answers("a"), Answers("b"), Ai("done"), Human("thanks")];

        Assert.Empty(TranscriptValidator.Faults(sound));
        Assert.Same(sound, TranscriptRepair.Repair(sound));
    }

    [Fact]
    public void A_call_without_result_gets_one_that_says_so()
    {
        Message[] open = [Human("hi"), Asks("a", "b"), Answers("b"), Human("and?")];

        var repaired = TranscriptRepair.Repair(open);

        Assert.Equal([(MissingResult, "a")], FaultsOf(open));
        Assert.Equal(["a", "b"], ResultsOf(repaired));
        Assert.Equal((ToolStatus.Error, TranscriptRepair.NoResult), (repaired[2].Status, repaired[2].Text));
    }

    [Fact]
    public void Results_in_another_order_or_further_down_are_moved_behind_their_call()
    {
        Message[] late = [Asks("a", "b"), Answers("b"), Human("hurry"), Answers("a")];

        var repaired = TranscriptRepair.Repair(late);

        Assert.Equal([(MissingResult, "a"), (OrphanResult, "a")], FaultsOf(late));
        Assert.Equal([late[0], late[3], late[1], late[2]], repaired);
    }

    [Fact]
    public void A_result_that_nothing_asked_for_is_left_out_and_so_is_a_second_one()
    {
        Message[] orphans = [Answers("a"), Asks("a"), Answers("a"), Answers("a"), Answers("x"), Ai("done")];

        var repaired = TranscriptRepair.Repair(orphans);

        Assert.Equal([(OrphanResult, "a"), (OrphanResult, "a"), (OrphanResult, "x")], FaultsOf(orphans));
        Assert.Equal([orphans[1], orphans[2], orphans[5]], repaired);
    }

    [Fact]
    public void A_message_of_a_model_that_says_nothing_is_left_out()
    {
        Message[] empty =
        [
            Human("hi"),
            Ai(" \n"),
            Read("""{"type":"ai","content":[{"type":"text","text":""},{"type":"thinking","thinking":"hm"}]}"""),
        ];

        Assert.Equal([(EmptyMessage, null), (EmptyMessage, null)], FaultsOf(empty));
        Assert.Equal([empty[0]], TranscriptRepair.Repair(empty));
    }

    [Fact]
    public void A_call_id_that_was_used_before_is_changed_with_its_result()
    {
        Message[] again =
            [Asks("a"), Answers("a", "first"), Asks("a", ""), Answers("a", "second"), Answers("", "third")];

        var repaired = TranscriptRepair.Repair(again);

        Assert.Equal([(DuplicateCall, "a"), (DuplicateCall, "")], FaultsOf(again));
        Assert.Equal(["a", "a-2", "-2"], ResultsOf(repaired));
        Assert.Equal(["first", "second", "third"], repaired.Where(m => m.Type is MessageType.Tool).Select(m => m.Text));
    }

    [Fact]
    public void Only_a_model_calls_tools()
    {
        Message[] strange = [Human("hi") with { ToolCalls = [Call("a", "tool")] }, Answers("a")];

        var repaired = TranscriptRepair.Repair(strange);

        Assert.Equal([(MisplacedCall, "a")], FaultsOf(strange));
        Assert.Equal("hi", Assert.Single(repaired).Text);
    }

    [Fact]
    public void Whatever_the_transcript_its_repair_is_sound_and_loses_nothing_that_counts()
    {
        const int seed = 20_260;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);

        for (var round = 0; round < 5_000; round++)
        {
            var messages = Enumerable.Range(0, random.Next(12)).Select(_ => AnyMessage(random)).ToList();

            var repaired = TranscriptRepair.Repair(messages);

            var told = $"seed {seed}, round {round}:\n{string.Join('\n', messages.Select(Wire))}";
            Assert.True(TranscriptValidator.IsValid(repaired), told);
            Assert.True(ReferenceEquals(messages, repaired) == TranscriptValidator.IsValid(messages), told);
            Assert.True(SaidIn(messages).SequenceEqual(SaidIn(repaired)), told);
        }
    }

    private static Message AnyMessage(Random random)
    {
        string[] ids = ["a", "b", "c", "d", "a-2", ""];
        string AnyId() => ids[random.Next(ids.Length)];
        return random.Next(10) switch
        {
            0 => Human("hi"),
            1 => Ai("text"),
            2 => Ai(string.Empty),
            3 => Human("hi") with { ToolCalls = [Call(AnyId(), "tool")] },
            4 or 5 => Asks(AnyId()),
            6 => Asks(AnyId(), AnyId(), AnyId()),
            _ => Answers(AnyId()),
        };
    }

    // What people and models said must be there afterwards, in the same order.
    private static IEnumerable<string> SaidIn(IEnumerable<Message> messages) =>
        from message in messages
        where message.Type is not MessageType.Tool
        where message.Type is not MessageType.Ai || !TranscriptValidator.SaysNothing(message)
        select message.Id;

    private static IEnumerable<(TranscriptFaultKind, string?)> FaultsOf(IReadOnlyList<Message> messages) =>
        TranscriptValidator.Faults(messages).Select(fault => (fault.Kind, fault.CallId));

    private static IEnumerable<string?> ResultsOf(IEnumerable<Message> messages) =>
        messages.Where(message => message.Type is MessageType.Tool).Select(message => message.ToolCallId);
}
