using System.Globalization;
using System.Text;

namespace Akka.Configuration.Hocon;

/// <summary>Goes through a text once, knows its line, and reads what is below the grammar: space and quotes.</summary>
internal sealed class HoconReader(string text)
{
    private const string ThreeQuotes = "\"\"\"";

    private int _position;

    /// <summary>Counted from 1.</summary>
    public int Line { get; private set; } = 1;

    public bool IsAtEnd => _position == text.Length;

    /// <summary>The next character; <c>'\0'</c> at the end.</summary>
    public char Current => IsAtEnd ? '\0' : text[_position];

    /// <summary>Whether the next character may be part of a text without quotes.</summary>
    public bool IsAtUnquoted =>
        !IsAtEnd && !IsSpace(Current) && !IsAtComment && !"\n\"${}[]:=,#`^?!@*&\\".Contains(Current);

    private bool IsAtComment => Current == '#' || IsAt("//");

    public bool IsAt(string expected) => string.CompareOrdinal(text, _position, expected, 0, expected.Length) == 0;

    public char Read()
    {
        var read = Current;
        if (read == '\n')
            Line++;
        _position++;
        return read;
    }

    /// <returns>True when the text went on as expected, and only then is it past it.</returns>
    public bool TryRead(string expected)
    {
        if (!IsAt(expected))
            return false;
        _position += expected.Length;
        return true;
    }

    /// <summary>The space up to the next character on the line.</summary>
    public string ReadSpace()
    {
        var start = _position;
        while (!IsAtEnd && IsSpace(Current))
            _position++;
        return text[start.._position];
    }

    /// <summary>Goes over space, comments and line ends.</summary>
    public void SkipBlank()
    {
        while (true)
        {
            ReadSpace();
            if (IsAtComment)
                SkipToLineEnd();
            if (Current != '\n')
                return;
            Read();
        }
    }

    /// <summary>Reads text that needs no quotes; a dot ends it where dots part the keys of a path.</summary>
    public string ReadUnquoted(bool stopAtDot)
    {
        var start = _position;
        while (IsAtUnquoted && !(stopAtDot && Current == '.'))
            _position++;
        return text[start.._position];
    }

    /// <summary>Reads a text in one or three quotes; the reader is at the first one.</summary>
    public string ReadQuoted() => IsAt(ThreeQuotes) ? ReadThreeQuoted() : ReadOneQuoted();

    /// <returns>The error to throw: what was expected at this place, and what is there.</returns>
    public FormatException Expected(string what) => Error(Line, $"expected {what}, found {Describe()}");

    public static FormatException Error(int line, string message) => new($"HOCON, line {line}: {message}.");

    private static bool IsSpace(char character) =>
        character != '\n' && (char.IsWhiteSpace(character) || character == '\uFEFF');

    private void SkipToLineEnd()
    {
        while (!IsAtEnd && Current != '\n')
            _position++;
    }

    private string ReadThreeQuoted()
    {
        var opened = Line;
        _position += ThreeQuotes.Length;
        var start = _position;
        while (!IsAt(ThreeQuotes))
        {
            if (IsAtEnd)
                throw Error(opened, "expected three closing quotes, found the end of the text");
            Read();
        }

        // Of more than three quotes the last three close the text.
        while (IsAt(ThreeQuotes + "\""))
            Read();
        var content = text[start.._position];
        _position += ThreeQuotes.Length;
        return content;
    }

    private string ReadOneQuoted()
    {
        Read();
        var content = new StringBuilder();
        while (Current != '"')
        {
            if (IsAtEnd || Current == '\n')
                throw Expected("a closing quote");
            var read = Read();
            content.Append(read == '\\' ? ReadEscaped() : read);
        }

        Read();
        return content.ToString();
    }

    private char ReadEscaped()
    {
        switch (Current)
        {
            case '"' or '\\' or '/': return Read();
            case 'b': Read(); return '\b';
            case 'f': Read(); return '\f';
            case 'n': Read(); return '\n';
            case 'r': Read(); return '\r';
            case 't': Read(); return '\t';
            case 'u': Read(); return ReadCodeUnit();
            default: throw Expected("one of \" \\ / b f n r t u after a backslash (itself written \\\\)");
        }
    }

    private char ReadCodeUnit()
    {
        const int digits = 4;
        if (_position + digits > text.Length
            || !ushort.TryParse(
                text.AsSpan(_position, digits),
                NumberStyles.AllowHexSpecifier,
                CultureInfo.InvariantCulture,
                out var unit))
        {
            throw Expected("four hexadecimal digits after \\u");
        }

        _position += digits;
        return (char)unit;
    }

    private string Describe()
    {
        if (IsAtEnd)
            return "the end of the text";
        return Current is '\n' or '\r' ? "the end of the line" : $"'{Current}'";
    }
}
