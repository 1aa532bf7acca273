using System.Collections.Immutable;

namespace Akka.Configuration.Hocon;

/// <summary>
/// Reads HOCON as far as Akka.NET's own parser knows it: sections, lists, texts, substitutions within the one text.
/// What that parser would misread without a word – <c>+=</c>, <c>include</c>, values joined to sections, brackets and
/// quotes left open – is an error here that names the line.
/// </summary>
internal sealed class HoconParser
{
    private readonly HoconReader _reader;

    private HoconParser(string text) => _reader = new HoconReader(text);

    /// <exception cref="FormatException">The text is not HOCON, or a required substitution has no value.</exception>
    public static HoconValue.Section Parse(string text) => HoconResolver.Resolve(new HoconParser(text).ParseRoot());

    /// <summary>Reads keys parted by dots; a key in quotes may contain them.</summary>
    /// <exception cref="FormatException">The text is not a path.</exception>
    public static ImmutableArray<string> ParsePath(string path)
    {
        var parser = new HoconParser(path);
        var keys = parser.ReadPath();
        return parser._reader.IsAtEnd
            ? keys
            : throw new FormatException($"'{path}' is no path: a key with '{parser._reader.Current}' needs quotes.");
    }

    private HoconValue.Section ParseRoot()
    {
        _reader.SkipBlank();
        if (_reader.Current != '{')
            return ReadMembers(isRoot: true);

        var section = ReadSection();
        _reader.SkipBlank();
        return _reader.IsAtEnd ? section : throw _reader.Expected("nothing after the closing '}'");
    }

    private HoconValue.Section ReadSection()
    {
        var opened = _reader.Line;
        _reader.Read();
        var section = ReadMembers(isRoot: false);
        if (!_reader.TryRead("}"))
            throw _reader.Expected($"'}}' for the '{{' of line {opened}");
        return section;
    }

    private HoconValue.Section ReadMembers(bool isRoot)
    {
        var section = HoconValue.Section.Empty;
        while (true)
        {
            _reader.SkipBlank();
            if (_reader.IsAtEnd || (!isRoot && _reader.Current == '}'))
                return section;

            section = ReadMember(out var mayBeFollowed).Over(section);
            ReadSeparator(mayBeFollowed, isRoot ? "a new line or ','" : "a new line, ',' or '}'");
        }
    }

    private HoconValue.Section ReadMember(out bool mayBeFollowed)
    {
        var path = ReadPath();
        _reader.SkipBlank();
        if (_reader.Current != '{')
            ReadAssignment(path);

        // Where a section ends is plain to see: the next member may stand on the same line.
        mayBeFollowed = _reader.Current == '{';
        return HoconValue.Section.Of(path, ReadValue());
    }

    private void ReadAssignment(ImmutableArray<string> path)
    {
        if (!_reader.TryRead("=") && !_reader.TryRead(":"))
            throw _reader.Expected($"'=', ':' or '{{' after the key '{string.Join('.', path)}'");

        // A section or list may begin on the next line. A text may not: a forgotten one would swallow the next key.
        var line = _reader.Line;
        _reader.SkipBlank();
        if (_reader.Line > line && _reader.Current is not ('{' or '['))
            throw HoconReader.Error(line, $"expected a value for '{string.Join('.', path)}' on the same line");
    }

    private void ReadSeparator(bool isOptional, string expected)
    {
        var line = _reader.Line;
        _reader.SkipBlank();
        var isEnd = _reader.IsAtEnd || _reader.Current is '}' or ']';
        var isSeparated = _reader.TryRead(",") || _reader.Line > line;
        if (!isEnd && !isSeparated && !isOptional)
            throw _reader.Expected($"{expected} after a value (some characters need quotes)");
    }

    private ImmutableArray<string> ReadPath()
    {
        var keys = ImmutableArray.CreateBuilder<string>();
        do
        {
            _reader.ReadSpace();
            keys.Add(ReadKey());
            _reader.ReadSpace();
        }
        while (_reader.TryRead("."));
        return keys.ToImmutable();
    }

    private string ReadKey()
    {
        if (_reader.Current == '"')
            return _reader.ReadQuoted();
        var key = _reader.ReadUnquoted(stopAtDot: true);
        return key.Length > 0 ? key : throw _reader.Expected("a key");
    }

    private HoconValue ReadValue() => _reader.Current switch
    {
        '{' => ReadSection(),
        '[' => ReadList(),
        _ => ReadText(),
    };

    private HoconValue.List ReadList()
    {
        var opened = _reader.Line;
        _reader.Read();
        var items = ImmutableArray.CreateBuilder<HoconValue>();
        while (true)
        {
            _reader.SkipBlank();
            if (_reader.TryRead("]"))
                return new HoconValue.List(items.ToImmutable());
            if (_reader.IsAtEnd)
                throw _reader.Expected($"']' for the '[' of line {opened}");

            items.Add(ReadValue());
            ReadSeparator(isOptional: false, "a new line, ',' or ']'");
        }
    }

    /// <summary>Reads parts up to the end of the value and joins them, with the space between them.</summary>
    private HoconValue ReadText()
    {
        var parts = ImmutableArray.CreateBuilder<HoconValue>();
        var isQuoted = false;
        while (true)
        {
            var space = _reader.ReadSpace();
            isQuoted |= _reader.Current == '"';
            if (ReadPart() is not { } part)
                break;
            if (parts.Count > 0)
                parts.Add(new HoconValue.Text(space));
            parts.Add(part);
        }

        return parts switch
        {
            [] => throw _reader.Expected("a value"),
            [HoconValue.Text("null")] when !isQuoted => HoconValue.Null.Instance,
            [var single] => single,
            _ => new HoconValue.Joined(parts.ToImmutable()),
        };
    }

    private HoconValue? ReadPart()
    {
        if (_reader.Current == '"')
            return new HoconValue.Text(_reader.ReadQuoted());
        if (_reader.IsAt("${"))
            return ReadReference();
        return _reader.IsAtUnquoted ? new HoconValue.Text(_reader.ReadUnquoted(stopAtDot: false)) : null;
    }

    private HoconValue.Reference ReadReference()
    {
        var line = _reader.Line;
        _reader.TryRead("${");
        var isOptional = _reader.TryRead("?");
        var path = ReadPath();
        return _reader.TryRead("}")
            ? new HoconValue.Reference(path, isOptional, line)
            : throw _reader.Expected("'}' at the end of a substitution");
    }
}
