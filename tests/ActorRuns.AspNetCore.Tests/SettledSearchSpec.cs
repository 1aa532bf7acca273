using System.Net;
using System.Threading.Channels;
using ActorRuns.Cluster;
using ActorRuns.Hosting;
using ActorRuns.Threads;
using Xunit;

namespace ActorRuns.AspNetCore.Tests;

/// <summary>What a member of a cluster waits for before it answers: that every member finds what it said.</summary>
public sealed class SettledSearchSpec : ApiTest
{
    private readonly GatedIndex _index = new();

    protected override RuntimeStores Stores => base.Stores with
    {
        Threads = _index,
        Seat = new ClusterSeat(new MemoryShardLeases(Time), new Uri("http://127.0.0.1:1/")),
    };

    [Fact]
    public async Task A_change_is_answered_when_all_members_can_find_it_and_a_read_at_once()
    {
        await JoinedAsync();

        var created = await SettledAsync(PostAsync("/threads"));
        var thread = created.Text("thread_id");
        var read = await GetAsync($"/threads/{thread}");
        await SettledAsync(SendAsync(HttpMethod.Patch, $"/threads/{thread}", """{"metadata":{"a":1}}"""));
        await SettledAsync(PostAsync($"/threads/{thread}/copy"));
        var deleted = await SettledAsync(SendAsync(HttpMethod.Delete, $"/threads/{thread}", body: null));

        Assert.Equal(HttpStatusCode.OK, read.Status);
        Assert.Equal(HttpStatusCode.NoContent, deleted.Status);
    }

    /// <summary>Waits until the runtime owns its shards.</summary>
    private async Task JoinedAsync()
    {
        while ((await GetAsync("/health/ready")).Status is not HttpStatusCode.OK)
            await Task.Yield();
    }

    private async Task<Answer> SettledAsync(Task<Answer> answer)
    {
        var settling = await _index.AskedAsync().WaitAsync(Patience);
        Assert.False(answer.IsCompleted);
        settling.SetResult();
        return await answer;
    }

    private sealed class GatedIndex : IThreadIndex
    {
        private readonly MemoryThreadIndex _index = new();
        private readonly Channel<TaskCompletionSource> _asked = Channel.CreateUnbounded<TaskCompletionSource>();

        /// <summary>Waits until the index is to settle, which it does with what is returned.</summary>
        public Task<TaskCompletionSource> AskedAsync() => _asked.Reader.ReadAsync().AsTask();

        public Task SettleAsync(CancellationToken cancellationToken)
        {
            var settling = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _asked.Writer.TryWrite(settling);
            return settling.Task;
        }

        public void Note(ThreadIndexEntry entry) => _index.Note(entry);

        public void Forget(ThreadId thread, long sequenceNr) => _index.Forget(thread, sequenceNr);

        public Task<ThreadPage> SearchAsync(ThreadQuery query, CancellationToken cancellationToken) =>
            _index.SearchAsync(query, cancellationToken);

        public Task<IReadOnlyList<ThreadId>> FindUnfinishedAsync(CancellationToken cancellationToken) =>
            _index.FindUnfinishedAsync(cancellationToken);
    }
}
