using System.Collections.Immutable;

namespace ActorRuns.Client;

/// <summary>A request that came to nothing. The kinds below say which; this one is for all others.</summary>
public class ThreadsException : Exception
{
    /// <summary>Says what happened.</summary>
    /// <param name="message">What is wrong here.</param>
    /// <param name="status">The HTTP status that it has on the wire.</param>
    /// <param name="innerException">What it was caused by; null when the runtime answered so.</param>
    public ThreadsException(string message, int status, Exception? innerException = null)
        : base(message, innerException) => Status = status;

    /// <summary>The HTTP status that it has on the wire, in this process too; 0 when no answer came.</summary>
    public int Status { get; }
}

/// <summary>What was asked for is not there: a thread, a run, a checkpoint, an assistant.</summary>
/// <param name="message">What is not there.</param>
public sealed class NotFoundException(string message) : ThreadsException(message, 404);

/// <summary>What was asked does not fit what is there: a thread is busy, exists already, or asks nobody.</summary>
/// <param name="message">What does not fit.</param>
public sealed class ConflictException(string message) : ThreadsException(message, 409);

/// <summary>The request itself is wrong.</summary>
/// <param name="message">What is wrong, all of it.</param>
/// <param name="status">400, 413 or 422.</param>
/// <param name="errors">What was expected of each field that is wrong.</param>
public sealed class InvalidRequestException(
    string message, int status, ImmutableSortedDictionary<string, ImmutableArray<string>> errors)
    : ThreadsException(message, status)
{
    /// <summary>What was expected of each field that is wrong; empty when no field is.</summary>
    public ImmutableSortedDictionary<string, ImmutableArray<string>> Errors { get; } = errors;
}

/// <summary>The runtime cannot do it now, or cannot be reached; the same request may succeed a moment later.</summary>
/// <param name="message">Why not.</param>
/// <param name="innerException">What it was caused by; null when the runtime answered so.</param>
public sealed class UnavailableException(string message, Exception? innerException = null)
    : ThreadsException(message, 503, innerException);
