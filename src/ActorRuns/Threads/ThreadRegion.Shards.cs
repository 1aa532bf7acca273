using System.Collections.Immutable;
using Akka.Actor;
using ActorRuns.Cluster;

namespace ActorRuns.Threads;

/// <content>The shards: which threads are awake in each, and how all of one come to their end.</content>
internal sealed partial class ThreadRegion
{
    private readonly Dictionary<Shard, int> _awake = [];

    // Who waits for the last thread of a shard to stop.
    private readonly Dictionary<Shard, IActorRef> _emptying = [];

    /// <summary>
    /// True for a thread that must not be started here. One that is awake is sent what comes also when its shard is
    /// being given back: it is the one to ask until it has stopped.
    /// </summary>
    private bool IsElsewhere(ThreadId thread) => _services.Shards.PermitOf(thread) is not { } permit
        || !permit.IsLive
        || (!permit.IsOpen && Context.Child(thread.ToString()).IsNobody());

    /// <summary>Has the threads of shards stop, and tells who asked when the last one has.</summary>
    private void Empty(ImmutableHashSet<Shard> shards, Action<IActorRef> stop)
    {
        foreach (var shard in shards)
            _emptying[shard] = Sender;
        foreach (var (child, _) in _threads.Where(thread => shards.Contains(Shard.Of(thread.Value))))
            stop(child);
        TellOfEmpty(shards);
    }

    private void Count(ThreadId thread, int change)
    {
        var shard = Shard.Of(thread);
        _awake[shard] = _awake.GetValueOrDefault(shard) + change;
        _services.Meter.ThreadsAwake(change);
        if (change < 0)
            TellOfEmpty([shard]);
    }

    private void TellOfEmpty(ImmutableHashSet<Shard> shards)
    {
        var empty = shards.Where(shard => _awake.GetValueOrDefault(shard) is 0 && _emptying.ContainsKey(shard));
        foreach (var asker in empty.ToList().GroupBy(shard => _emptying[shard]))
        {
            asker.Key.Tell(new ShardsStopped([.. asker]));
            foreach (var shard in asker)
                _emptying.Remove(shard);
        }
    }
}

/// <summary>
/// Somebody believes that a thread has something to do. One that knows of nothing reads its journal anew: a member that
/// was held up may have written to it after it was read.
/// </summary>
internal sealed record LookForWork;

/// <summary>A thread is to come to a good place to stop, and stop there: another member goes on with it.</summary>
internal sealed record HandOver;
