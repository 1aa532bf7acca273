using ActorRuns.Cluster;
using ActorRuns.Threads;

namespace ActorRuns.AspNetCore.Cluster;

/// <summary>
/// Gives up waiting for a member that owns a thread no more: one that is held up keeps its connections open, and would
/// be waited for as long as it is.
/// </summary>
internal sealed class OwnerWatch : IAsyncDisposable
{
    // Who gives a thread back in good order ends its answers itself.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly ShardMap _shards;
    private readonly TimeProvider _time;
    private readonly ThreadId _thread;
    private readonly Member _owner;
    private readonly CancellationTokenSource _ending;
    private readonly Task _watching;
    private volatile bool _isLost;

    public OwnerWatch(
        ShardMap shards, TimeProvider time, ThreadId thread, Member owner, CancellationToken cancellationToken)
    {
        _shards = shards;
        _time = time;
        _thread = thread;
        _owner = owner;
        _ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _watching = WatchAsync();
    }

    /// <summary>Cancelled when the client hangs up, or the member has lost the thread.</summary>
    public CancellationToken Token => _ending.Token;

    /// <summary>True once the member has lost the thread.</summary>
    public bool IsLost => _isLost;

    private bool IsOwner => _owner.Id == _shards.Self?.Id
        ? _shards.MayServe(_thread)
        : _shards.OwnerOf(_thread)?.Id == _owner.Id;

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _watching;
        _ending.Dispose();
    }

    private async Task WatchAsync()
    {
        try
        {
            while (true)
            {
                var changed = _shards.Changed;
                if (!IsOwner)
                    break;
                await changed.WaitAsync(_ending.Token);
            }

            await Task.Delay(Grace, _time, _ending.Token);
            _isLost = true;
            await _ending.CancelAsync();
        }
        catch (OperationCanceledException)
        {
            // The answer has come, or the client has hung up.
        }
    }
}
