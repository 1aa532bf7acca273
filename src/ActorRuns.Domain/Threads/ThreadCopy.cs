using System.Collections.Immutable;
using System.Text.Json;
using ActorRuns.Messages;

namespace ActorRuns.Threads;

/// <summary>Turns the revisions of one thread into the facts that another one begins with.</summary>
public static class ThreadCopy
{
    private static readonly JsonElement EmptyList = JsonElement.Parse("[]");

    /// <summary>The facts, in the order of the revisions.</summary>
    /// <param name="revisions">The revisions, oldest first.</param>
    public static ImmutableArray<ThreadEvent.StateUpdated> Of(IReadOnlyList<Checkpoint> revisions)
    {
        var byId = revisions.ToDictionary(revision => revision.Id);
        var facts = ImmutableArray.CreateBuilder<ThreadEvent.StateUpdated>(revisions.Count);
        Checkpoint? before = null;
        foreach (var revision in revisions)
        {
            var parent = revision.Parent is { } id ? byId.GetValueOrDefault(id) : null;
            facts.Add(new ThreadEvent.StateUpdated(
                revision.Id,
                revision.Step,
                revision.Source,
                revision.Ran is [.., var last] ? last : StateEdit.Input,
                Difference(parent?.Values ?? ChannelValues.Empty, revision.Values),
                revision.Next,
                From: parent == before ? null : parent,
                revision.RunId) { At = revision.At, Inputs = revision.Inputs });
            before = revision;
        }

        return facts.ToImmutable();
    }

    /// <summary>What another thread waits for; null when it waits for nothing.</summary>
    public static ThreadEvent.PositionCopied? WaitsOf(ThreadPosition position) => position.Paused
        ? new(position.StepFrom, [.. position.Interrupts], position.Answers, [.. position.Finished], position.Lost)
        {
            Subgraphs = position.Subgraphs,
        }
        : null;

    /// <summary>What must be written to one state to make it the other.</summary>
    private static ImmutableArray<ChannelWrite> Difference(ChannelValues from, ChannelValues to)
    {
        var writes = ImmutableArray.CreateBuilder<ChannelWrite>();
        foreach (var (channel, transcript) in to.Transcripts)
            writes.AddRange(Difference(channel, from.MessagesOf(channel), transcript));
        foreach (var (channel, value) in to.Values.Where(entry => !IsSame(from.Values, entry.Key, entry.Value)))
            writes.Add(new ChannelWrite.SetValue(channel, value));
        foreach (var (channel, list) in to.Lists)
            writes.AddRange(Difference(channel, from, list));
        return writes.ToImmutable();
    }

    private static IEnumerable<ChannelWrite> Difference(
        string channel, ChannelValues from, ImmutableList<JsonElement> to)
    {
        if (from.Lists.GetValueOrDefault(channel) == to)
            return [];

        var before = from.ListOf(channel);
        return before.Count <= to.Count && before.Zip(to).All(pair => JsonElement.DeepEquals(pair.First, pair.Second))
            ? [new ChannelWrite.AppendItems(channel, [.. to.Skip(before.Count)])]
            : [new ChannelWrite.SetValue(channel, EmptyList), new ChannelWrite.AppendItems(channel, [.. to])];
    }

    private static IEnumerable<ChannelWrite> Difference(string channel, Transcript from, Transcript to)
    {
        if (from == to)
            return [];

        // Messages are shared between revisions, so that the same one is the same object.
        var kept = from.Messages.Zip(to.Messages).TakeWhile(pair => ReferenceEquals(pair.First, pair.Second)).Count();
        var appended = to.Messages.Skip(kept)
            .Select(ChannelWrite (message) => new ChannelWrite.AppendMessage(channel, message));
        return kept == from.Messages.Count
            ? appended
            : from.Messages.Skip(kept).Reverse()
                .Select(ChannelWrite (message) => new ChannelWrite.RemoveMessage(channel, message.Id))
                .Concat(appended);
    }

    private static bool IsSame(
        ImmutableSortedDictionary<string, JsonElement> values, string channel, JsonElement value) =>
        values.TryGetValue(channel, out var known) && JsonElement.DeepEquals(known, value);
}
