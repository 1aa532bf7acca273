using System.Text.Json;
using ActorRuns.Store;
using Xunit;

namespace ActorRuns.Tests.Store;

/// <summary>What the filters of LangGraph's stores mean.</summary>
public sealed class ItemFilterSpec
{
    private const string Value =
        """{"n":4,"exact":0.1,"text":"m","flag":true,"none":null,"list":[1,2],"deep":{"a":{"b":1},"c":2}}""";

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"n":4}""")]
    [InlineData("""{"n":4.0,"text":"m"}""")]
    [InlineData("""{"n":{"$eq":4}}""")]
    [InlineData("""{"n":{"$gt":3,"$lt":5}}""")]
    [InlineData("""{"n":{"$gte":4,"$lte":4}}""")]
    [InlineData("""{"exact":{"$lte":0.1}}""")]
    [InlineData("""{"n":{"$lt":1e30}}""")]
    [InlineData("""{"text":{"$gt":"l","$lt":"n"}}""")]
    [InlineData("""{"n":{"$ne":5}}""")]
    [InlineData("""{"absent":{"$ne":1}}""")]
    [InlineData("""{"none":null}""")]
    [InlineData("""{"flag":{"$eq":true}}""")]
    [InlineData("""{"list":[1,2]}""")]
    [InlineData("""{"deep":{"a":{"b":1}}}""")]
    [InlineData("""{"deep":{"c":{"$gte":2}}}""")]
    [InlineData("""{"deep":{"$eq":{"a":{"b":1},"c":2}}}""")]
    public void A_value_that_is_as_the_filter_says_passes(string filter) => Assert.True(Passes(filter));

    [Theory]
    [InlineData("""{"n":5}""")]
    [InlineData("""{"n":"4"}""")]
    [InlineData("""{"n":4,"text":"x"}""")]
    [InlineData("""{"n":{"$gt":4}}""")]
    [InlineData("""{"n":{"$gt":3,"$lt":4}}""")]
    [InlineData("""{"n":{"$ne":4}}""")]
    [InlineData("""{"n":{"$gt":"3"}}""")]
    [InlineData("""{"flag":{"$gte":true}}""")]
    [InlineData("""{"absent":null}""")]
    [InlineData("""{"absent":{"$lt":1}}""")]
    [InlineData("""{"list":[2,1]}""")]
    [InlineData("""{"list":[1]}""")]
    [InlineData("""{"deep":{"a":{"b":2}}}""")]
    [InlineData("""{"deep":{"$eq":{"c":2}}}""")]
    [InlineData("""{"n":{"a":1}}""")]
    public void A_value_that_is_otherwise_does_not_pass(string filter) => Assert.False(Passes(filter));

    [Theory]
    [InlineData("""[]""")]
    [InlineData("""1""")]
    [InlineData("""{"n":{"$like":1}}""")]
    [InlineData("""{"n":{"$gt":1,"other":2}}""")]
    [InlineData("""{"deep":{"a":{"$in":[1]}}}""")]
    public void What_is_no_filter_is_not_taken_for_one(string json) =>
        Assert.False(ItemFilter.TryRead(JsonElement.Parse(json), out _));

    private static bool Passes(string json)
    {
        Assert.True(ItemFilter.TryRead(JsonElement.Parse(json), out var filter));
        return filter.Matches(JsonElement.Parse(Value));
    }
}
