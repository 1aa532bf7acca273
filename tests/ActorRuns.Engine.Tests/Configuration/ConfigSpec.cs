using Akka.Configuration;
using Xunit;

namespace ActorRuns.Engine.Tests.Configuration;

/// <summary>Reading settings: what the engine contract leaves open.</summary>
public sealed class ConfigSpec
{
    private static Config Parse(string hocon) => ConfigurationFactory.ParseString(hocon);

    public static TheoryData<string, Action<Config>, string> Misfits { get; } = new()
    {
        { "x = five", config => config.GetInt("x"), "is 'five'; expected a whole number of 32 bits" },
        { "x = 1.5", config => config.GetInt("x"), "is '1.5'; expected a whole number of 32 bits" },
        { "x = 3000000000", config => config.GetInt("x"), "is '3000000000'; expected a whole number of 32 bits" },
        { "x = much", config => config.GetLong("x"), "is 'much'; expected a whole number of 64 bits" },
        { "x = \"1,5\"", config => config.GetDouble("x"), "is '1,5'; expected a number" },
        { "x = Yes", config => config.GetBoolean("x"), "is 'Yes'; expected on, off, true or false" },
        { "x = 3 weeks", config => config.GetTimeSpan("x"), "is '3 weeks'; expected a duration such as 250ms or 3 s" },
        { "x = -1s", config => config.GetTimeSpan("x"), "is '-1s'; expected a duration" },
        { "x = 10000000000 d", config => config.GetTimeSpan("x"), "expected a duration" },
        { "x = 1 kb", config => config.GetByteSize("x"), "is '1 kb'; expected a number of bytes" },
        { "x = 99999999 t", config => config.GetByteSize("x"), "expected a number of bytes" },
        { "x { y = 1 }", config => config.GetString("x"), "is a section; expected a text" },
        { "x = [1]", config => config.GetString("x"), "is a list; expected a text" },
        { "x = [1]", config => config.GetConfig("x"), "is a list; expected a section" },
        { "x = 1", config => config.GetStringList("x"), "is '1'; expected a list" },
        { "x = [1, [2]]", config => config.GetStringList("x"), "is a list; expected a list of texts" },
    };

    [Theory]
    [MemberData(nameof(Misfits))]
    public void A_value_that_does_not_fit_is_named_with_its_path(string hocon, Action<Config> read, string fault)
    {
        var error = Assert.Throws<FormatException>(() => read(Parse(hocon)));

        Assert.StartsWith("The setting x ", error.Message);
        Assert.Contains(fault, error.Message);
    }

    [Theory]
    [InlineData("0.5 ms", 5_000)]
    [InlineData("7us", 70)]
    [InlineData("100 nanoseconds", 1)]
    [InlineData("0", 0)]
    public void Durations_are_as_fine_as_a_time_span(string text, long ticks) =>
        Assert.Equal(TimeSpan.FromTicks(ticks), Parse($"a = {text}").GetTimeSpan("a"));

    [Theory]
    [InlineData("10 MB", 10_000_000)]
    [InlineData("10 MiB", 10_485_760)]
    [InlineData("0.5k", 512)]
    [InlineData("12 bytes", 12)]
    public void Byte_sizes_may_be_spelt_out(string text, long bytes) =>
        Assert.Equal(bytes, Parse($"a = {text}").GetByteSize("a"));

    [Fact]
    public void A_byte_size_that_is_missing_is_null() => Assert.Null(ConfigurationFactory.Empty.GetByteSize("a"));

    [Fact]
    public void A_value_above_hides_the_section_below_it()
    {
        var config = Parse("a = 1").WithFallback(Parse("a { b = 2 }"));

        Assert.Equal(1, config.GetInt("a"));
        Assert.False(config.HasPath("a.b"));
    }

    [Fact]
    public void A_section_above_hides_the_value_below_it()
    {
        var config = Parse("a { b = 1 }").WithFallback(Parse("a = 2"));

        Assert.Equal(1, config.GetConfig("a").GetInt("b"));
    }

    [Fact]
    public void A_key_with_quotes_and_backslashes_is_found_by_its_path() =>
        Assert.Equal(1, Parse("""a { "say \"C:\\\"" = 1 }""").GetInt("""a."say \"C:\\\"" """));

    [Theory]
    [InlineData("")]
    [InlineData("a..b")]
    [InlineData("a = b")]
    [InlineData("akka://system/user")]
    public void What_is_no_path_is_an_error(string path) =>
        Assert.Throws<FormatException>(() => Parse("a = 1").HasPath(path));

    [Fact]
    public void A_null_text_or_fallback_is_refused()
    {
        Assert.Throws<ArgumentNullException>(() => ConfigurationFactory.ParseString(null!));
        Assert.Throws<ArgumentNullException>(() => ConfigurationFactory.Empty.WithFallback(null!));
    }

    [Fact]
    public void Nothing_is_null_or_empty() => Assert.True(((Config?)null).IsNullOrEmpty());
}
