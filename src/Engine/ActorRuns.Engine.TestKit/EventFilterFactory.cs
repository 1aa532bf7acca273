using Akka.Event;
using Akka.TestKit.EventFilters;

namespace Akka.TestKit;

/// <summary>
/// Says which log entries a test expects. Of each text all that is given must fit: the whole, the beginning, a part;
/// <c>source</c> is a part of the entry's source, such as the path of an actor.
/// </summary>
public sealed class EventFilterFactory
{
    private readonly TestKitBase _kit;

    internal EventFilterFactory(TestKitBase kit) => _kit = kit;

    /// <summary>Errors whose cause is an exception of the type; its message may fit in place of the entry's.</summary>
    public IEventFilterApplier Exception<TException>(
        string? message = null, string? start = null, string? contains = null, string? source = null)
        where TException : Exception =>
        For(new LogPattern(message, start, contains, source)
        {
            EntryType = typeof(Error),
            CauseType = typeof(TException),
        });

    /// <summary>Errors.</summary>
    public IEventFilterApplier Error(
        string? message = null, string? start = null, string? contains = null, string? source = null) =>
        For(new LogPattern(message, start, contains, source) { EntryType = typeof(Error) });

    /// <summary>Warnings.</summary>
    public IEventFilterApplier Warning(
        string? message = null, string? start = null, string? contains = null, string? source = null) =>
        For(new LogPattern(message, start, contains, source) { EntryType = typeof(Warning) });

    /// <summary>Entries that inform.</summary>
    public IEventFilterApplier Info(
        string? message = null, string? start = null, string? contains = null, string? source = null) =>
        For(new LogPattern(message, start, contains, source) { EntryType = typeof(Info) });

    /// <summary>Entries for debugging.</summary>
    public IEventFilterApplier Debug(
        string? message = null, string? start = null, string? contains = null, string? source = null) =>
        For(new LogPattern(message, start, contains, source) { EntryType = typeof(Debug) });

    private EventFilterApplier For(LogPattern pattern) => new(_kit, pattern);
}
