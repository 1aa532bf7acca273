using Akka.Configuration;
using Xunit;

namespace ActorRuns.Engine.Tests.Configuration;

/// <summary>What is told to someone whose configuration file has a fault.</summary>
public sealed class HoconErrorSpec
{
    private static string ErrorOf(string hocon) =>
        Assert.Throws<FormatException>(() => ConfigurationFactory.ParseString(hocon)).Message;

    [Theory]
    [InlineData("a {\n  b = 1\n", "HOCON, line 3: expected '}' for the '{' of line 1, found the end of the text.")]
    [InlineData("a = [1,\n 2", "HOCON, line 2: expected ']' for the '[' of line 1, found the end of the text.")]
    [InlineData("a = \"text\nb = 2", "HOCON, line 1: expected a closing quote, found the end of the line.")]
    [InlineData("\na = \"\"\"x\n", "HOCON, line 2: expected three closing quotes, found the end of the text.")]
    [InlineData("a = ${b", "HOCON, line 1: expected '}' at the end of a substitution, found the end of the text.")]
    public void What_is_left_open_is_an_error_that_names_the_line(string hocon, string message) =>
        Assert.Equal(message, ErrorOf(hocon));

    [Theory]
    [InlineData("{ a = 1 }\n}", "HOCON, line 2: expected nothing after the closing '}', found '}'.")]
    [InlineData("a = 1\n}", "HOCON, line 2: expected a key, found '}'.")]
    [InlineData("[1]", "HOCON, line 1: expected a key, found '['.")]
    [InlineData("a = 1,, b = 2", "HOCON, line 1: expected a key, found ','.")]
    [InlineData("a. = 1", "HOCON, line 1: expected a key, found '='.")]
    [InlineData("a\nb = 1", "HOCON, line 2: expected '=', ':' or '{' after the key 'a', found 'b'.")]
    [InlineData("a = [1 2", "HOCON, line 1: expected ']' for the '[' of line 1, found the end of the text.")]
    public void What_is_out_of_place_is_an_error_that_says_what_was_expected(string hocon, string message) =>
        Assert.Equal(message, ErrorOf(hocon));

    [Theory]
    [InlineData("a += 1", "HOCON, line 1: expected '=', ':' or '{' after the key 'a', found '+'.")]
    [InlineData("include \"b.conf\"", "HOCON, line 1: expected '=', ':' or '{' after the key 'include', found '\"'.")]
    public void What_only_other_parsers_know_is_refused(string hocon, string message) =>
        Assert.Equal(message, ErrorOf(hocon));

    [Theory]
    [InlineData("a = http://localhost", ':')]
    [InlineData("a = me@home", '@')]
    [InlineData("a = Server=db", '=')]
    [InlineData("a = C:\\runs", ':')]
    [InlineData("b = 1\na = ${b} { c = 1 }", '{')]
    public void A_text_with_special_characters_needs_quotes(string hocon, char character)
    {
        var message = ErrorOf(hocon);

        Assert.Contains("some characters need quotes", message);
        Assert.EndsWith($"found '{character}'.", message);
    }

    [Theory]
    [InlineData("a =\nb = 2")]
    [InlineData("a = # nothing\nb = 2")]
    public void A_forgotten_value_does_not_swallow_the_next_line(string hocon) =>
        Assert.Equal("HOCON, line 1: expected a value for 'a' on the same line.", ErrorOf(hocon));

    [Fact]
    public void A_value_that_ends_with_its_section_is_missed_too() =>
        Assert.Equal("HOCON, line 1: expected a value, found '}'.", ErrorOf("s { a = }"));

    [Fact]
    public void An_escape_that_does_not_exist_is_named() =>
        Assert.StartsWith(
            "HOCON, line 1: expected one of \" \\ / b f n r t u after a backslash", ErrorOf("a = \"C:\\data\""));

    [Theory]
    [InlineData("a = \"\\u12\"")]
    [InlineData("a = \"\\uzzzz\"")]
    public void A_unicode_escape_has_four_digits(string hocon) =>
        Assert.Contains("four hexadecimal digits", ErrorOf(hocon));

    [Fact]
    public void A_substitution_without_value_is_named_with_its_line() =>
        Assert.Equal("HOCON, line 2: there is no value for ${c.d}.", ErrorOf("a = 1\nb = ${c.d}"));

    [Theory]
    [InlineData("a = ${a}")]
    [InlineData("a = ${b}\nb = ${a}")]
    [InlineData("a { b = ${a} }")]
    [InlineData("path = ${path}/bin")]
    public void A_substitution_that_refers_to_itself_is_an_error(string hocon) =>
        Assert.Contains("refers to itself", ErrorOf(hocon));

    [Theory]
    [InlineData("a { b = 1 }, c = x${a}")]
    [InlineData("a = [1], c = x${a}")]
    public void Only_a_text_can_be_part_of_a_text(string hocon) =>
        Assert.Equal("HOCON, line 1: ${a} is not a text and cannot be a part of one.", ErrorOf(hocon));

    [Fact]
    public void Lines_are_counted_within_long_texts_and_comments() =>
        Assert.StartsWith("HOCON, line 5:", ErrorOf("a = \"\"\"1\n2\n\"\"\"\n# 4\nb = :"));
}
