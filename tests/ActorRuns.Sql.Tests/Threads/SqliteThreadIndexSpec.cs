using ActorRuns.Threads;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace ActorRuns.Sql.Tests.Threads;

public sealed class SqliteThreadIndexSpec : ThreadIndexTck
{
    private readonly SqliteFolder _folder = new();
    private readonly List<SqliteThreadIndex> _opened = [];

    protected override async Task<IThreadIndex> OpenAsync()
    {
        var index = await SqliteThreadIndex.OpenAsync(
            _folder.PathOf("index.db"),
            _folder.PathOf("journal.db"),
            TimeProvider.System,
            NullLogger<SqliteThreadIndex>.Instance,
            CancellationToken.None);
        _opened.Add(index);
        return index;
    }

    public override async Task DisposeAsync()
    {
        foreach (var index in _opened)
            await index.DisposeAsync();
        await _folder.RemoveAsync();
    }

    [Fact]
    public async Task What_was_noted_before_it_closed_is_there_when_it_is_opened_again()
    {
        var thread = await NoteAsync(NewId(), 1);
        await _opened[0].DisposeAsync();
        _opened.Clear();

        var reopened = await OpenAsync();

        Assert.Equal([thread], await FindAsync(reopened, new ThreadQuery()));
    }
}
