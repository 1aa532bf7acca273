namespace ActorRuns.Models.Tests.Providers;

/// <summary>What a fake provider does with one request that it finds no fault in.</summary>
public sealed record Reply
{
    /// <summary>Pieces of reasoning, before anything else.</summary>
    public string[] Thoughts { get; init; } = [];

    /// <summary>Pieces of text.</summary>
    public string[] Texts { get; init; } = [];

    /// <summary>Tool calls, at the end.</summary>
    public Call[] Calls { get; init; } = [];

    /// <summary>What comes after the pieces.</summary>
    public ReplyEnd End { get; init; } = ReplyEnd.Whole;

    /// <summary>An error instead of an answer, if it is not 200.</summary>
    public int Status { get; init; } = 200;

    /// <summary>Headers of the answer.</summary>
    public Dictionary<string, string> Headers { get; init; } = [];

    public static Reply Says(params string[] texts) => new() { Texts = texts };

    public static Reply Asks(params Call[] calls) => new() { Calls = calls };

    public static Reply Fails(int status, params (string Name, string Value)[] headers) =>
        new() { Status = status, Headers = headers.ToDictionary(header => header.Name, header => header.Value) };
}

/// <summary>A tool call whose arguments come in pieces.</summary>
public sealed record Call(string Id, string Name, params string[] Arguments);

/// <summary>How an answer ends.</summary>
public enum ReplyEnd
{
    /// <summary>As it should.</summary>
    Whole,

    /// <summary>Not at all: nothing more is sent, and the connection stays open until one side closes it.</summary>
    Stalled,

    /// <summary>The body ends as if it were whole, but the answer is not.</summary>
    CutOff,

    /// <summary>With an error event.</summary>
    Failed,
}
