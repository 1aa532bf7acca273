using Akka.Configuration;
using Xunit;

namespace ActorRuns.Engine.Tests.Configuration;

/// <summary>What configuration files may look like beyond what the engine contract shows.</summary>
public sealed class HoconSpec
{
    private static Config Parse(string hocon) => ConfigurationFactory.ParseString(hocon);

    [Theory]
    [InlineData("a { b = 1 }, c = 2")]
    [InlineData("a { b = 1 } c = 2")]
    [InlineData("a { b = 1, }\n\n, c = 2,")]
    [InlineData("a =\n{ b = 1 }\nc = 2")]
    [InlineData("a\r\n{\r\n  b = 1\r\n}\r\nc = 2\r\n")]
    public void Sections_may_be_laid_out_freely(string hocon)
    {
        var config = Parse(hocon);

        Assert.Equal((1, 2), (config.GetInt("a.b"), config.GetInt("c")));
    }

    [Fact]
    public void A_file_may_begin_with_a_byte_order_mark() => Assert.Equal(1, Parse("\uFEFFa = 1").GetInt("a"));

    [Fact]
    public void Windows_line_ends_do_not_become_part_of_a_text() =>
        Assert.Equal("text", Parse("a = text\r\nb = 1\r\n").GetString("a"));

    [Fact]
    public void A_single_slash_begins_no_comment() =>
        Assert.Equal("/var/lib", Parse("a = /var/lib // here").GetString("a"));

    [Fact]
    public void Two_slashes_do_even_within_a_word() => Assert.Equal("a", Parse("a = a//b").GetString("a"));

    [Fact]
    public void The_space_between_parts_of_a_text_is_kept() =>
        Assert.Equal("one two  three", Parse("x = two\na = one ${x}  \"three\"").GetString("a"));

    [Fact]
    public void Of_many_quotes_the_last_three_close_the_text() =>
        Assert.Equal("say \"yes\"", Parse("a = \"\"\"say \"yes\"\"\"\"").GetString("a"));

    [Fact]
    public void A_quoted_text_keeps_the_space_at_its_ends() => Assert.Equal(" x ", Parse("a = \" x \"").GetString("a"));

    [Fact]
    public void A_section_can_begin_with_the_members_of_another()
    {
        var config = Parse("""
            base { host = localhost, port = 80 }
            a = ${base}
            a { port = 81 }
            """);

        Assert.Equal(("localhost", 81), (config.GetString("a.host"), config.GetInt("a.port")));
        Assert.Equal(80, config.GetInt("base.port"));
    }

    [Fact]
    public void Members_of_one_section_may_refer_to_each_other() =>
        Assert.Equal("/data/runs", Parse("a { root = /data, runs = ${a.root}/runs }").GetString("a.runs"));

    [Fact]
    public void A_list_leaves_out_what_has_no_value() =>
        Assert.Equal(["x", "z"], Parse("a = [x, ${?y}, z]").GetStringList("a"));

    [Fact]
    public void A_list_can_be_the_value_of_a_substitution() =>
        Assert.Equal(["1", "2"], Parse("a = [1, 2], b = ${a}").GetStringList("b"));

    [Fact]
    public void Null_hides_what_is_below_it()
    {
        var config = Parse("a = null, b = \"null\"").WithFallback(Parse("a = 1, b = 1"));

        Assert.False(config.HasPath("a"));
        Assert.Equal(7, config.GetInt("a", 7));
        Assert.Equal("null", config.GetString("b"));
    }
}
