using System.Collections;
using System.Globalization;
using ActorRuns.AspNetCore;
using ActorRuns.AspNetCore.Webhooks;
using ActorRuns.Hosting;
using ActorRuns.Models;
using ActorRuns.Models.Mcp;
using ActorRuns.Server.Hosting;
using Akka.Configuration;
using Xunit;

namespace ActorRuns.House.Tests;

/// <summary><c>hocon/actorruns.conf</c> and the options that are read from it say the same.</summary>
public sealed class OptionsSpec
{
    private const string ConfigurationFile = "hocon/actorruns.conf";

    private static readonly (string Key, string Value)[] Settings = [.. Hocon.Read(ConfigurationFile)
        .Where(setting => setting.Key.StartsWith("actorruns.", StringComparison.Ordinal))];

    private static SortedDictionary<string, string> Defaults =>
        Merge(
            Values(new RuntimeOptions()),
            Values(new HttpWebhookOptions()),
            Values(new ApiOptions()),
            Values(new ModelOptions()),
            Values(new McpOptions()));

    [Fact]
    public void The_file_has_the_defaults_of_the_options()
    {
        var file = ConfigurationFactory.ParseString(Repository.Read(ConfigurationFile));

        Assert.Equal(Defaults, Read(file));
    }

    [Fact]
    public void Without_a_file_the_options_have_their_defaults() =>
        Assert.Equal(Defaults, Read(ConfigurationFactory.Empty));

    [Fact]
    public void Every_key_of_the_file_sets_one_option() => House.HasNone(
        from setting in Settings
        let options = SetBy(setting)
        where options.Count != 1
        select $"{setting.Key} sets {(options.Count is 0 ? "nothing" : string.Join(", ", options))}");

    [Fact]
    public void Every_option_has_its_key_in_the_file() =>
        House.HasNone(Defaults.Keys.Except(Settings.SelectMany(SetBy)));

    private static SortedDictionary<string, string> Read(Config config) =>
        Merge(
            Values(RuntimeOptions.From(config)),
            Values(HttpWebhookOptions.From(config)),
            Values(ApiOptions.From(config)),
            Values(ModelConfiguration.From(config)),
            Values(McpConfiguration.From(config)));

    private static SortedDictionary<string, string> Merge(params IEnumerable<SortedDictionary<string, string>> all) =>
        new(all.SelectMany(values => values).ToDictionary(StringComparer.Ordinal), StringComparer.Ordinal);

    /// <summary>The options that have another value when the setting has.</summary>
    private static List<string> SetBy((string Key, string Value) setting)
    {
        var values = Read(ConfigurationFactory.ParseString($"{setting.Key} = {Another(setting.Value)}"));
        return [.. values.Keys.Where(option => values[option] != Defaults[option])];
    }

    /// <summary>Another value of the same kind.</summary>
    private static string Another(string value)
    {
        if (value is "on" or "off")
            return value is "on" ? "off" : "on";
        if (value[0] is '"')
            return "another";
        if (value is "enqueue")
            return "interrupt";

        var digits = value.TakeWhile(char.IsAsciiDigit).Count();
        return (int.Parse(value[..digits], CultureInfo.InvariantCulture) + 1).ToString(CultureInfo.InvariantCulture)
            + value[digits..];
    }

    /// <summary>The values of all options, those of groups of options included.</summary>
    private static SortedDictionary<string, string> Values(object options)
    {
        var values = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var property in options.GetType().GetProperties())
        {
            var value = property.GetValue(options);
            var isOne = property.PropertyType.IsEnum || property.PropertyType.Assembly == typeof(object).Assembly;
            if (isOne || value is null or IEnumerable)
                values.Add(property.Name, $"{value}");
            else
                foreach (var (name, inner) in Values(value))
                    values.Add($"{property.Name}.{name}", inner);
        }

        return values;
    }
}
