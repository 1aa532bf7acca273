namespace ActorRuns.AspNetCore.Tests;

/// <summary>Reads an answer line by line while it comes; disposing it hangs up.</summary>
internal sealed class LineReader(HttpResponseMessage response, Stream body) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly StreamReader _lines = new(body);

    public HttpResponseMessage Response => response;

    /// <summary>The next line, or null at the end.</summary>
    public Task<string?> NextAsync() => _lines.ReadLineAsync().WaitAsync(Patience);

    /// <summary>Lines up to and with the first that begins like this.</summary>
    public async Task<IReadOnlyList<string>> UntilAsync(string beginning)
    {
        var lines = new List<string>();
        while (await NextAsync() is { } line)
        {
            lines.Add(line);
            if (line.StartsWith(beginning, StringComparison.Ordinal))
                return lines;
        }

        throw new InvalidOperationException(
            $"The answer ended without a line '{beginning}': {string.Join('|', lines)}");
    }

    /// <summary>All lines that are left.</summary>
    public async Task<IReadOnlyList<string>> RestAsync()
    {
        var lines = new List<string>();
        while (await NextAsync() is { } line)
            lines.Add(line);
        return lines;
    }

    public void Dispose()
    {
        response.Dispose();
        _lines.Dispose();
    }
}
