using System.Text.Json;
using ActorRuns.Domain.Tests.Invariants;
using ActorRuns.Domain.Tests.Scenes;
using ActorRuns.Runs;
using ActorRuns.Threads;
using Xunit;

namespace ActorRuns.Domain.Tests;

/// <summary>Threads that begin as copies: their first facts add up to the other's revisions and values.</summary>
public sealed class CopySpec
{
    private readonly Scene _scene = new();

    [Fact]
    public void A_copy_has_every_revision_of_the_other()
    {
        _scene.Send(1);
        _scene.ModelCalls(tools: 2);
        _scene.ToolsEnd();
        _scene.ModelAnswers();
        _scene.Pass(TimeSpan.FromMinutes(1));
        _scene.Send(2);
        _scene.ModelAnswers();

        CopyEquals();
    }

    [Fact]
    public void A_copy_of_a_thread_that_waits_waits_for_the_same()
    {
        _scene.Send(1);
        _scene.NodeFinishes("agent");
        _scene.Asks("one", "two");
        _scene.Resume(2, """{"ask-one":1}""");
        _scene.Asks("two");

        var waits = ThreadCopy.WaitsOf(_scene.Ledger.Position)!;
        var copy = ThreadLedger.Empty.ApplyAll([.. ThreadCopy.Of(_scene.Revisions), waits]);

        Assert.Equal((ThreadStatus.Interrupted, "ask-two"), (copy.Status, Assert.Single(copy.Position.Interrupts).Id));
        Assert.Equal(_scene.Ledger.Position.StepFrom, copy.Position.StepFrom);
        Assert.Equal("ask-one", Assert.Single(copy.Position.Answers).Key);
        Assert.Equal("agent", Assert.Single(copy.Position.Finished).Node);
    }

    [Fact]
    public void A_copy_of_a_thread_that_waits_for_nobody_waits_for_nobody()
    {
        _scene.Send(1);
        _scene.Asks("one");
        _scene.Resume(2, "7");

        Assert.Null(ThreadCopy.WaitsOf(_scene.Ledger.Position));
    }

    [Fact]
    public void A_copy_has_the_branches_of_the_other()
    {
        _scene.Send(1);
        _scene.ModelAnswers();
        var older = _scene.Ledger.Position.Head!; // An answer is a revision.
        _scene.Send(2);
        _scene.ModelAnswers();
        _scene.SendFrom(3, older);
        _scene.ModelAnswers();
        _scene.Edit(asNode: null, _scene.Revisions[^3], Scene.Saying(7));

        CopyEquals();
    }

    [Fact]
    public void A_copy_has_nothing_of_what_was_undone()
    {
        _scene.Send(1);
        _scene.ModelAnswers();
        _scene.Send(2);
        _scene.ModelCalls();
        _scene.Undo(2);
        _scene.Send(3);
        _scene.ModelAnswers();

        CopyEquals();
    }

    [Fact]
    public void A_copy_of_a_thread_whose_first_run_was_undone_begins_with_the_second()
    {
        _scene.Send(1);
        _scene.Send(2, MultitaskStrategy.Rollback);
        _scene.ModelAnswers();

        CopyEquals();
    }

    [Fact]
    public void A_copy_follows_messages_that_were_replaced_and_taken_away()
    {
        _scene.Send(1);
        _scene.ModelCalls(tools: 2);
        _scene.ToolsEnd();
        _scene.ModelAnswers();
        var ids = _scene.Ledger.Position.Values.MessagesOf(TestGraphs.Messages).Messages.Select(m => m.Id).ToList();

        Edit($$"""[{"type":"remove","id":"{{ids[2]}}"},{"type":"human","id":"{{ids[0]}}","content":"9"}]""");
        Edit("""[{"type":"remove","id":"__remove_all__"}]""");
        _scene.Edit(asNode: null, from: null, Scene.Saying(7), JsonElement.Parse("""{"count":2}"""));

        CopyEquals();
    }

    [Fact]
    public void A_copy_of_a_thread_at_work_has_its_last_complete_step()
    {
        _scene.Send(1);
        _scene.ModelCalls(tools: 2);
        _scene.ToolAnswers();

        var copy = CopyEquals();

        Assert.Equal(("idle", "H1 A**"), (Notation.Lower(copy.Status), Notation.Write(copy.Working)));
    }

    [Fact]
    public void A_copy_of_a_copy_is_the_same_again()
    {
        _scene.Send(1);
        _scene.ModelAnswers();
        var copy = new Scene();
        copy.Do(Import(_scene.Revisions));

        var again = ThreadLedger.Empty.ApplyAll(Facts(copy.Revisions));

        Assert.Equal(Pictures(_scene.Revisions), Pictures(copy.Revisions));
        Assert.Equal(Notation.Write(copy.Ledger.Working), Notation.Write(again.Working));
    }

    [Fact]
    public void Revisions_keep_their_time_and_the_copy_has_its_own()
    {
        _scene.Send(1);
        _scene.ModelAnswers();
        var copy = new Scene();
        copy.Pass(TimeSpan.FromHours(1));

        copy.Do(Import(_scene.Revisions));

        Assert.Equal(Scene.Beginning, copy.Ledger.Position.Head!.At);
        Assert.Equal((copy.Now, copy.Now), (copy.Ledger.CreatedAt, copy.Ledger.UpdatedAt));
    }

    [Fact]
    public void A_copy_under_the_id_of_a_thread_that_is_there_is_refused()
    {
        _scene.Send(1);

        Assert.Equal(new Decision.Refuse(new Refusal.ThreadExists(Scene.ThreadId)), _scene.Do(Import([])));
    }

    [Fact]
    public void A_copy_goes_on_by_itself()
    {
        _scene.Send(1);
        _scene.ModelAnswers();
        var copy = new Scene { Ids = _scene.Ids };
        copy.Do(Import(_scene.Revisions));

        copy.Send(2);

        Assert.Equal(("H1 A H2", "H1 A"), (copy.Transcript, _scene.Transcript));
    }

    private void Edit(string messages) => _scene.Edit(
        asNode: null, from: null, JsonElement.Parse($$"""{"count":1,"messages":{{messages}}}"""));

    private ThreadLedger CopyEquals()
    {
        var copy = new Scene();
        copy.Do(Import(_scene.Revisions));

        Assert.Equal(Pictures(_scene.Revisions), Pictures(copy.Revisions));
        return copy.Ledger;
    }

    private static ThreadCommand.ImportThread Import(IReadOnlyList<Checkpoint> revisions) => new(
        System.Collections.Immutable.ImmutableSortedDictionary.Create<string, JsonElement>(StringComparer.Ordinal),
        ThreadCopy.Of(revisions));

    private static IEnumerable<ThreadEvent> Facts(IReadOnlyList<Checkpoint> revisions) => ThreadCopy.Of(revisions);

    private static IEnumerable<string> Pictures(IEnumerable<Checkpoint> revisions) => revisions.Select(Picture.Of);
}
