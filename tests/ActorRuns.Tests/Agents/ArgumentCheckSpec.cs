using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using ActorRuns.Agents;
using Microsoft.Extensions.AI;
using Xunit;

namespace ActorRuns.Tests.Agents;

/// <summary>What a model is told of arguments that do not fit the schema of a tool.</summary>
public sealed class ArgumentCheckSpec
{
    private const string Order = """
        {"type":"object","required":["lines"],"additionalProperties":false,
         "properties":{"lines":{"type":"array","minItems":1,"items":{"$ref":"#/$defs/line"}},
                       "note":{"anyOf":[{"type":"string","maxLength":3},{"type":"null"}]}},
         "$defs":{"line":{"type":"object","required":["sku"],
                          "properties":{"sku":{"type":"string"},
                                        "count":{"type":"integer","minimum":1,"exclusiveMaximum":10},
                                        "unit":{"enum":["box","piece"]},
                                        "parts":{"type":"array","items":{"$ref":"#/$defs/line"}}}}}}
        """;

    [Theory]
    [InlineData("""{"lines":[{"sku":"a"}]}""")]
    [InlineData("""{"lines":[{"sku":"a","count":9.0,"unit":"box"}],"note":null}""")]
    [InlineData("""{"lines":[{"sku":"a","other":1,"parts":[{"sku":"b"}]}],"note":"äöü"}""")]
    public void What_fits_has_no_faults(string arguments) => Assert.Empty(Faults(Order, arguments));

    [Theory]
    [InlineData("{}", "'lines' is missing; expected array.")]
    [InlineData("""{"lines":[]}""", "'lines' has 0 items; expected at least 1.")]
    [InlineData("""{"lines":"a"}""", "'lines' is the string \"a\"; expected array.")]
    [InlineData("""{"lines":[{}]}""", "'lines[0].sku' is missing; expected string.")]
    [InlineData(
        """{"lines":[{"sku":"a","parts":[{"sku":"b"},{"sku":7}]}]}""",
        "'lines[0].parts[1].sku' is the number 7; expected string.")]
    [InlineData(
        """{"lines":[{"sku":"a","count":1.5}]}""", "'lines[0].count' is the number 1.5; expected integer.")]
    [InlineData(
        """{"lines":[{"sku":"a","count":0}]}""", "'lines[0].count' is the number 0; expected at least 1.")]
    [InlineData(
        """{"lines":[{"sku":"a","count":10}]}""", "'lines[0].count' is the number 10; expected less than 10.")]
    [InlineData(
        """{"lines":[{"sku":"a","unit":"kg"}]}""",
        "'lines[0].unit' is the string \"kg\"; expected one of \"box\", \"piece\".")]
    [InlineData("""{"lines":[{"sku":"a"}],"note":"long"}""", "'note' has 4 characters; expected at most 3.")]
    [InlineData("""{"lines":[{"sku":"a"}],"note":true}""", "'note' is true; expected string or null.")]
    [InlineData("""{"lines":[{"sku":"a"}],"nota":""}""", "'nota' is unknown; known are 'lines', 'note'.")]
    public void What_does_not_fit_is_named_with_what_was_expected(string arguments, string fault) =>
        Assert.Equal([fault], Faults(Order, arguments));

    [Theory]
    [InlineData("""{"type":"object","properties":{"a":{"type":["integer","null"]}}}""", "integer or null")]
    [InlineData("""{"properties":{"a":{"oneOf":[{"type":"integer"},{"const":"all"}]}}}""", "integer or \"all\"")]
    [InlineData("""{"additionalProperties":{"type":"boolean"}}""", "boolean")]
    [InlineData("""{"allOf":[{"properties":{"a":{"type":"object"}}}]}""", "object")]
    [InlineData("""{"properties":{"a":{"$ref":"#/$defs/x~1y"}},"$defs":{"x/y":{"type":"number"}}}""", "number")]
    public void A_schema_says_in_many_ways_what_it_expects(string schema, string expected) =>
        Assert.Equal([$"'a' is the string \"x\"; expected {expected}."], Faults(schema, """{"a":"x"}"""));

    [Theory]
    [InlineData("{}")]
    [InlineData("true")]
    [InlineData("""{"properties":{"a":{"type":"string","pattern":"^y$","format":"date","not":{}}}}""")]
    [InlineData("""{"properties":{"a":{"$ref":"https://example.org/a.json"}}}""")]
    [InlineData("""{"properties":{"a":{"$ref":"#/$defs/none"}}}""")]
    [InlineData("""{"properties":{"a":{"type":"money"}},"required":7,"additionalProperties":"no"}""")]
    [InlineData("""{"patternProperties":{"^a":{}},"additionalProperties":false}""")]
    [InlineData("""{"$ref":"#"}""")]
    [InlineData("""{"properties":{"a":{"$ref":"#/$defs/x"}},"$defs":{"x":{"anyOf":[{"$ref":"#/$defs/x"}]}}}""")]
    public void What_it_does_not_know_it_lets_pass(string schema) => Assert.Empty(Faults(schema, """{"a":"x"}"""));

    [Fact]
    public void Of_several_alternatives_the_one_that_was_meant_is_spoken_of()
    {
        const string Schema = """
            {"properties":{"shape":{"oneOf":[
              {"type":"object","required":["kind","r"],
               "properties":{"kind":{"const":"circle"},"r":{"type":"number"}}},
              {"type":"object","required":["kind","side"],
               "properties":{"kind":{"const":"square"},"side":{"type":"number"}}}]}}}
            """;

        Assert.Equal(
            ["'shape.side' is the string \"2\"; expected number."],
            Faults(Schema, """{"shape":{"kind":"square","side":"2"}}"""));
    }

    [Fact]
    public void Alternatives_that_multiply_end()
    {
        const string Schema = """
            {"$ref":"#/$defs/x","$defs":{"x":{"allOf":[{"$ref":"#/$defs/x"},{"$ref":"#/$defs/x"}]}}}
            """;

        Assert.Empty(Faults(Schema, "{}"));
    }

    [Fact]
    public void Only_the_first_few_faults_are_told()
    {
        var faults = Faults("""{"additionalProperties":false}""", """{"a":1,"b":1,"c":1,"d":1,"e":1,"f":1}""");

        Assert.Equal(5, faults.Count);
        Assert.Equal("'a' is unknown; known are none.", faults[0]);
    }

    [Fact]
    public void No_arguments_are_an_empty_object() => Assert.Equal(
        ["'lines' is missing; expected array."], ArgumentCheck.FaultsOf(JsonElement.Parse(Order), default));

    [Fact]
    public void The_schema_of_a_method_is_understood()
    {
        var tool = AIFunctionFactory.Create(Grow, "grow");

        Assert.Empty(Faults(
            tool, """{"tree":{"name":"a","branches":[{"name":"b","branches":[]}]},"season":"Spring"}"""));
        Assert.Equal(
            ["'season' is the string \"Sprint\"; expected one of \"Spring\", \"Autumn\"."],
            Faults(tool, """{"tree":{"name":"a","branches":[]},"season":"Sprint"}"""));
        Assert.Equal(
            "'tree.branches[0].name' is the number 7; expected string or null.",
            Assert.Single(Faults(
                tool, """{"tree":{"name":"a","branches":[{"name":7,"branches":[]}]},"season":"Autumn"}""")));
        Assert.Equal(
            ["'tree' is missing; expected object.", "'season' is missing; expected one of \"Spring\", \"Autumn\"."],
            Faults(tool, "{}"));
    }

    private static IReadOnlyList<string> Faults(AIFunction tool, string arguments) =>
        ArgumentCheck.FaultsOf(tool.JsonSchema, JsonElement.Parse(arguments));

    private static IReadOnlyList<string> Faults(string schema, string arguments) =>
        ArgumentCheck.FaultsOf(JsonElement.Parse(schema), JsonElement.Parse(arguments));

    [Description("Lets a tree grow.")]
    private static string Grow(Tree tree, Season season, int years = 1) => $"{tree.Name}{season}{years}";

    private enum Season
    {
        Spring,
        Autumn,
    }

    [SuppressMessage("Performance", "CA1812", Justification = "Made from JSON.")]
    private sealed record Tree(string? Name, IReadOnlyList<Tree> Branches);
}
