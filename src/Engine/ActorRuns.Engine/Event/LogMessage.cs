using System.Globalization;

namespace Akka.Event;

/// <summary>Puts arguments into the text of a log entry. Loggers may run it on any thread.</summary>
public interface ILogMessageFormatter
{
    /// <summary>The text with its arguments.</summary>
    string Format(string format, params object[] args);

    /// <summary>The text with its arguments.</summary>
    string Format(string format, IEnumerable<object> args);
}

/// <summary>
/// Formats as <see cref="string.Format(string, object[])"/> does; a text that does not fit stays as it is.
/// </summary>
public sealed class DefaultLogMessageFormatter : ILogMessageFormatter
{
    /// <summary>The only instance.</summary>
    public static readonly DefaultLogMessageFormatter Instance = new();

    private DefaultLogMessageFormatter()
    {
    }

    /// <inheritdoc/>
    public string Format(string format, params object[] args)
    {
        if (args.Length == 0)
            return format;
        try
        {
            return string.Format(CultureInfo.InvariantCulture, format, args);
        }
        catch (FormatException)
        {
            // A named hole, for a logger that knows them, or a slip: the entry is worth more than the exception.
            return $"{format} [{string.Join(", ", args)}]";
        }
    }

    /// <inheritdoc/>
    public string Format(string format, IEnumerable<object> args) => Format(format, args.ToArray());
}

/// <summary>The text of a log entry with its arguments, put together when somebody reads it.</summary>
public abstract class LogMessage
{
    /// <summary>A text and what puts arguments into it.</summary>
    protected LogMessage(ILogMessageFormatter formatter, string format)
    {
        Formatter = formatter;
        Format = format;
    }

    /// <summary>The text with its holes.</summary>
    public string Format { get; }

    /// <summary>Puts the arguments into the text.</summary>
    protected ILogMessageFormatter Formatter { get; }

    /// <summary>The arguments, in order.</summary>
    public abstract IEnumerable<object> Parameters();

    /// <summary>Text and arguments side by side.</summary>
    public abstract string Unformatted();
}

/// <summary>A log message with its arguments as they were given.</summary>
internal sealed class DefaultLogMessage(ILogMessageFormatter formatter, string format, object[] arguments)
    : LogMessage(formatter, format)
{
    public override IEnumerable<object> Parameters() => arguments;

    public override string Unformatted() => $"{Format} [{string.Join(", ", arguments)}]";

    public override string ToString() => Formatter.Format(Format, arguments);
}
