using System.Collections.Immutable;

namespace ActorRuns.Models.Mcp;

/// <summary>One MCP server: a program that is started, or an address.</summary>
public sealed record McpServerEntry
{
    /// <summary>What its tools' names begin with.</summary>
    public required string Name { get; init; }

    /// <summary>The program of a server over stdio; null for one over HTTP.</summary>
    public string? Command { get; init; }

    /// <summary>The program's arguments.</summary>
    public ImmutableArray<string> Arguments { get; init; } = [];

    /// <summary>
    /// What is added to the program's environment. It inherits what a program needs (such as <c>PATH</c>), not our
    /// keys.
    /// </summary>
    public ImmutableDictionary<string, string> Environment { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Where the program runs; null for where we do.</summary>
    public string? Folder { get; init; }

    /// <summary>The address of a server over streamable HTTP; null for one over stdio.</summary>
    public Uri? Address { get; init; }

    /// <summary>Headers of every request to it.</summary>
    public ImmutableDictionary<string, string> Headers { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>True when we do without its tools if it cannot be reached at the start.</summary>
    public bool IsOptional { get; init; }
}
