using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace ActorRuns.AspNetCore.Cluster;

/// <summary>
/// Hands a member's answer to the client, as it comes. Of a stream of events only whole ones are handed on, so that it
/// can be read on elsewhere after the last of them.
/// </summary>
/// <param name="response">The answer to the client.</param>
/// <param name="isStream">True for a stream of events.</param>
/// <param name="lastEvent">The last event that the client had before; null when it had none.</param>
internal sealed class AnswerCopy(HttpResponse response, bool isStream, string? lastEvent)
{
    private readonly ArrayBufferWriter<byte> _begun = new();

    /// <summary>The last event that the client has; null when it has none.</summary>
    public string? LastEvent { get; private set; } = lastEvent;

    /// <summary>True when what was handed on can be gone on with: whole events, or nothing but line breaks.</summary>
    public bool CanBeReadOn { get; private set; } = response.StatusCode is StatusCodes.Status200OK;

    /// <summary>Copies until the answer ends.</summary>
    /// <exception cref="IOException">It broke off.</exception>
    public async Task RunAsync(Stream answer, CancellationToken cancellationToken)
    {
        if (!response.HasStarted)
            await response.StartAsync(cancellationToken);
        var chunk = new byte[16 * 1024];
        int read;
        while ((read = await answer.ReadAsync(chunk, cancellationToken)) > 0)
        {
            if (isStream)
                TakeEvents(chunk.AsSpan(0, read));
            else
                TakePlain(chunk.AsSpan(0, read));
            await response.BodyWriter.FlushAsync(cancellationToken);
        }

        if (_begun.WrittenCount is 0)
            return; // An answer without a body takes not even an empty write.
        Write(_begun.WrittenSpan); // What a stream ends with, though it be no whole event.
        await response.BodyWriter.FlushAsync(cancellationToken);
    }

    private void TakePlain(ReadOnlySpan<byte> bytes)
    {
        CanBeReadOn &= bytes.IndexOfAnyExcept((byte)'\n', (byte)' ') < 0;
        Write(bytes);
    }

    private void TakeEvents(ReadOnlySpan<byte> bytes)
    {
        _begun.Write(bytes);
        var all = _begun.WrittenSpan;
        var end = all.LastIndexOf("\n\n"u8);
        if (end < 0)
            return;

        var whole = all[..(end + 2)];
        var id = whole.LastIndexOf("\nid: "u8);
        if (id >= 0)
        {
            var value = whole[(id + 5)..];
            LastEvent = Encoding.UTF8.GetString(value[..value.IndexOf((byte)'\n')]);
        }

        Write(whole);
        var rest = all[(end + 2)..].ToArray();
        _begun.Clear();
        _begun.Write(rest);
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(response.BodyWriter.GetSpan(bytes.Length));
        response.BodyWriter.Advance(bytes.Length);
    }
}
