using System.Collections.Immutable;
using System.Text;
using ActorRuns.Domain.Tests.Scenes;
using ActorRuns.Messages;
using ActorRuns.Threads;

namespace ActorRuns.Domain.Tests.Invariants;

/// <summary>Ledgers as text, since the equality of records does not look into their collections.</summary>
internal static class Picture
{
    /// <summary>All that can be seen of the thread save its runs, as <see cref="ReferenceThread"/> says it.</summary>
    public static string Outline(ThreadLedger ledger) =>
        $"{Notation.Lower(ledger.Status)} holder {Holder(ledger)}" +
        $" queue [{string.Join(' ', ledger.Queue.Select(Notation.NumberOf))}]" +
        $" next [{string.Join(' ', ledger.Position.Next)}]" +
        $" asked [{string.Join(' ', ledger.Position.Interrupts.Select(i => i.Node).Order(StringComparer.Ordinal))}]" +
        $" answered [{string.Join(' ', ledger.Position.Answers.Keys.Select(id => id["ask-".Length..]))}]" +
        $" finished [{string.Join(' ', ledger.Position.Finished.Select(ran => ran.Node))}]" +
        $" state [{Notation.Write(ledger.Position.Values)}] working [{Notation.Write(ledger.Working)}]";

    /// <summary>Everything in a ledger.</summary>
    public static string Of(ThreadLedger ledger)
    {
        var picture = new StringBuilder(Outline(ledger));
        foreach (var run in ledger.Order.Select(id => ledger.Runs[id]))
        {
            picture.Append('\n').Append(Notation.NumberOf(run.Id)).Append(' ').Append(Notation.Write(run))
                .Append(' ').Append(run.Attempt)
                .Append(' ').Append(run.DueAt.Ticks).Append(' ').Append(run.UpdatedAt.Ticks)
                .Append(' ').AppendJoin(',', run.Supersedes.Select(Notation.NumberOf));
        }

        Add(picture, ledger.Position);
        if (ledger.BeforeHolder is { } before)
            Add(picture, before);
        foreach (var call in ledger.Working.OpenCalls)
            picture.Append('\n').Append(call.Id).Append(call.Started);
        return picture.Append('\n').Append(ledger.UpdatedAt.Ticks).Append(ledger.LastEnding).ToString();
    }

    /// <summary>Everything in a revision, save for nodes that ran beside the last one.</summary>
    public static string Of(Checkpoint revision) =>
        $"{revision.Id} after {revision.Parent} {revision.Step} {revision.Source} run {revision.RunId}" +
        $" at {revision.At.Ticks} ran [{revision.Ran.LastOrDefault()}] next [{string.Join(' ', revision.Next)}]" +
        $" {Notation.Write(revision.Values)} ids [{string.Join(' ', MessagesOf(revision).Select(m => m.Id))}]" +
        $" values [{string.Join(' ', revision.Values.Values.Select(v => $"{v.Key}={v.Value.GetRawText()}"))}]" +
        $" open [{string.Join(' ', revision.Values.OpenCalls.Select(call => call.Id))}]";

    private static ImmutableList<Message> MessagesOf(Checkpoint revision) =>
        revision.Values.MessagesOf(TestGraphs.Messages).Messages;

    private static void Add(StringBuilder picture, ThreadPosition position)
    {
        picture.Append('\n').Append(position.Head?.Id).Append(position.Head?.Step).Append(position.StepFrom)
            .Append(position.Paused).Append(position.Failure?.Error)
            .Append(position.Losses).AppendJoin(',', position.Lost.Select(lost => $"{lost.Key}*{lost.Value}"));
        foreach (var message in position.Values.MessagesOf(TestGraphs.Messages).Messages)
            picture.Append(' ').Append(message.Id);
    }

    private static string Holder(ThreadLedger ledger) =>
        ledger.Holder is { } holder ? $"{Notation.NumberOf(holder.RunId)}.{holder.Attempt}" : "0.0";
}
