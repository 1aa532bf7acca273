namespace Akka.Persistence.Sql.Store;

/// <summary>
/// What a writer does for one caller, wholly or not at all. It shares its transaction with the work of other callers,
/// but not their failures.
/// </summary>
internal abstract class WriteWork
{
    /// <summary>How much of a transaction it takes up.</summary>
    public virtual int Rows => 1;

    /// <summary>
    /// Tells the caller the outcome: null once it is durable. On the writer's thread, so it must not wait.
    /// </summary>
    public abstract void Complete(Exception? failure);
}

/// <summary>Adds events of one id.</summary>
internal abstract class AppendEvents(IReadOnlyList<EventRow> events) : WriteWork
{
    public IReadOnlyList<EventRow> Events => events;

    public override int Rows => events.Count;
}

/// <summary>Any other change.</summary>
internal sealed class Change(Action<SqlSession> apply) : WriteWork
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Done => _done.Task;

    public void Apply(SqlSession session) => apply(session);

    public override void Complete(Exception? failure)
    {
        if (failure is null)
            _done.SetResult();
        else
            _done.SetException(failure);
    }
}

/// <summary>Changes nothing; it is complete when all work that was queued before it is.</summary>
internal sealed class Fence(Action passed) : WriteWork
{
    public override int Rows => 0;

    public override void Complete(Exception? failure) => passed();
}
