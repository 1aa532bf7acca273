using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ActorRuns.Hosting.Tests.Browser;

/// <summary>A page in a browser: runs JavaScript in it, as its user's hands and eyes.</summary>
internal sealed class BrowserPage : IAsyncDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly byte[] _buffer = new byte[1 << 16];
    private int _asked;

    private BrowserPage()
    {
    }

    public static async Task<BrowserPage> OpenAsync(Uri tab, Uri page, CancellationToken cancellationToken)
    {
        var opened = new BrowserPage();
        await opened._socket.ConnectAsync(tab, cancellationToken);
        await opened.AskAsync("Page.navigate", new JsonObject { ["url"] = page.AbsoluteUri }, cancellationToken);
        await opened.SeesAsync(
            "document.readyState === 'complete' && location.href !== 'about:blank'", cancellationToken);
        return opened;
    }

    /// <summary>Evaluates an expression; a promise is awaited.</summary>
    /// <exception cref="InvalidOperationException">It throws.</exception>
    public async Task<JsonElement> DoAsync(string expression, CancellationToken cancellationToken)
    {
        var answer = await AskAsync(
            "Runtime.evaluate",
            new JsonObject { ["expression"] = expression, ["awaitPromise"] = true, ["returnByValue"] = true },
            cancellationToken);
        if (answer.TryGetProperty("exceptionDetails", out var fault))
            throw new InvalidOperationException($"{expression}\n{fault}");
        return answer.GetProperty("result").TryGetProperty("value", out var value) ? value : default;
    }

    /// <summary>Waits until a condition holds, looking whenever the page changes.</summary>
    public Task<JsonElement> SeesAsync(string condition, CancellationToken cancellationToken) => DoAsync(
        $$"""
        new Promise((resolve) => {
          const look = () => { if (!({{condition}})) return; observer.disconnect(); resolve(true); };
          const observer = new MutationObserver(look);
          observer.observe(document, { subtree: true, childList: true, characterData: true });
          addEventListener("load", look);
          look();
        })
        """,
        cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_socket.State is WebSocketState.Open)
            await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        _socket.Dispose();
    }

    private async Task<JsonElement> AskAsync(string method, JsonObject parameters, CancellationToken cancellationToken)
    {
        var id = ++_asked;
        var ask = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters };
        await _socket.SendAsync(
            Encoding.UTF8.GetBytes(ask.ToJsonString()), WebSocketMessageType.Text, true, cancellationToken);
        while (true)
        {
            var message = await ReceiveAsync(cancellationToken);
            if (!message.TryGetProperty("id", out var of) || of.GetInt32() != id)
                continue; // An event of the page's.
            return message.TryGetProperty("result", out var result)
                ? result
                : throw new InvalidOperationException($"{method} was answered by {message}.");
        }
    }

    private async Task<JsonElement> ReceiveAsync(CancellationToken cancellationToken)
    {
        using var whole = new MemoryStream();
        ValueWebSocketReceiveResult part;
        do
        {
            part = await _socket.ReceiveAsync(_buffer.AsMemory(), cancellationToken);
            whole.Write(_buffer, 0, part.Count);
        }
        while (!part.EndOfMessage);
        return JsonElement.Parse(whole.ToArray());
    }
}
