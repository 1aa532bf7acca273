using System.Text;
using ActorRuns.AspNetCore.Problems;
using ActorRuns.AspNetCore.Requests;
using ActorRuns.Runs;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace ActorRuns.AspNetCore.Tests;

/// <summary>Bodies are read field by field, and everything that is wrong is told at once.</summary>
public sealed class BodyReaderSpec
{
    [Fact]
    public async Task A_request_without_a_body_is_an_empty_object()
    {
        var body = await BodyReader.ReadAsync(RequestWith("", contentType: null));

        Assert.False(body.Has("anything"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{} {}")]
    [InlineData("{'a':1}")]
    public async Task What_is_no_JSON_is_malformed(string text)
    {
        var refused = await Assert.ThrowsAsync<ProblemException>(() => BodyReader.ReadAsync(RequestWith(text)));

        Assert.Equal(400, refused.Problem.Status);
    }

    [Theory]
    [InlineData("""{"a":["\ud800"]}""")]
    [InlineData("""{"\udc00":1}""")]
    [InlineData("""{"a":"\ude00\ud83d"}""")]
    public async Task Half_a_character_is_malformed_wherever_it_stands(string text)
    {
        var refused = await Assert.ThrowsAsync<ProblemException>(() => BodyReader.ReadAsync(RequestWith(text)));

        Assert.Equal(400, refused.Problem.Status);
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_malformed()
    {
        var request = RequestWith("");
        request.Request.Body = new MemoryStream([.. "{\"a\":\""u8, 0xFF, .. "\"}"u8]);

        var refused = await Assert.ThrowsAsync<ProblemException>(() => BodyReader.ReadAsync(request));

        Assert.Equal(400, refused.Problem.Status);
    }

    [Fact]
    public async Task A_character_in_two_escapes_is_one()
    {
        var body = await ReadAsync("""{"a":"\ud83d\ude00"}""");

        Assert.Equal("😀", body.Text("a"));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("1")]
    [InlineData("null")]
    public async Task JSON_that_is_no_object_is_invalid(string text)
    {
        var refused = await Assert.ThrowsAsync<ProblemException>(() => BodyReader.ReadAsync(RequestWith(text)));

        Assert.Equal((422, "body: expected a JSON object."), (refused.Problem.Status, refused.Problem.Detail));
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/octet-stream")]
    [InlineData(null)]
    public async Task A_body_is_taken_for_JSON_whatever_it_says_it_is(string? contentType)
    {
        var body = await BodyReader.ReadAsync(RequestWith("""{"a":"b"}""", contentType));

        Assert.Equal("b", body.Text("a"));
    }

    [Fact]
    public async Task Null_is_the_same_as_absent()
    {
        var body = await ReadAsync("""{"a":null}""");

        Assert.False(body.Has("a"));
        Assert.Null(body.Text("a"));
        Assert.Equal(7, body.Number("a", defaultValue: 7, min: 0, max: 10));
        Assert.False(body.Flag("a"));
        Assert.Equal(MultitaskStrategy.Enqueue, body.Name("a", MultitaskStrategy.Enqueue));
        Assert.Empty(body.Texts("a"));
        Assert.Empty(body.Map("a"));
        Assert.Equal(TimeSpan.Zero, body.Seconds("a", TimeSpan.FromDays(1)));
        body.ThrowIfFaulty();
    }

    [Fact]
    public async Task Fields_are_read_as_what_they_are()
    {
        var body = await ReadAsync(
            """
            {"text":"x","number":3,"flag":true,"name":"reject","one":"a","many":["a","b"],"map":{"k":1},"seconds":1.5}
            """);

        Assert.Equal("x", body.RequiredText("text"));
        Assert.Equal(3, body.Number("number", defaultValue: 0, min: 0, max: 3));
        Assert.True(body.Flag("flag"));
        Assert.Equal(MultitaskStrategy.Reject, body.Name("name", MultitaskStrategy.Enqueue));
        Assert.Equal(["a"], body.Texts("one").AsEnumerable());
        Assert.Equal(["a", "b"], body.Texts("many").AsEnumerable());
        Assert.Equal(1, body.Map("map")["k"].GetInt32());
        Assert.Equal(TimeSpan.FromSeconds(1.5), body.Seconds("seconds", TimeSpan.FromDays(1)));
        body.ThrowIfFaulty();
    }

    [Theory]
    [InlineData("""{"f":1}""", "text")]
    [InlineData("""{}""", "required text")]
    [InlineData("""{"f":4}""", "number")]
    [InlineData("""{"f":1.5}""", "number")]
    [InlineData("""{"f":"1"}""", "number")]
    [InlineData("""{"f":"true"}""", "flag")]
    [InlineData("""{"f":"none of them"}""", "name")]
    [InlineData("""{"f":1}""", "name")]
    [InlineData("""{"f":[1]}""", "texts")]
    [InlineData("""{"f":{}}""", "texts")]
    [InlineData("""{"f":[]}""", "map")]
    [InlineData("""{"f":-0.1}""", "seconds")]
    [InlineData("""{"f":61}""", "seconds")]
    public async Task What_is_something_else_is_a_fault_of_its_field(string json, string readAs)
    {
        var body = await ReadAsync(json);

        ReadAs(readAs, body);

        var refused = Assert.Throws<ProblemException>(body.ThrowIfFaulty);
        Assert.Equal((422, "f"), (refused.Problem.Status, Assert.Single(refused.Problem.Errors).Key));
    }

    [Fact]
    public async Task Every_fault_is_told_at_once()
    {
        var body = await ReadAsync("""{"a":1,"b":"2"}""");
        body.Text("a");
        body.Number("b", defaultValue: 0, min: 0, max: 10);
        body.Fault("c", "something better");

        var refused = Assert.Throws<ProblemException>(body.ThrowIfFaulty);

        Assert.Equal(["a", "b", "c"], refused.Problem.Errors.Keys);
    }

    private static void ReadAs(string kind, BodyReader body)
    {
        switch (kind)
        {
            case "text":
                body.Text("f");
                break;
            case "required text":
                body.RequiredText("f");
                break;
            case "number":
                body.Number("f", defaultValue: 0, min: 0, max: 3);
                break;
            case "flag":
                body.Flag("f");
                break;
            case "name":
                body.Name("f", MultitaskStrategy.Enqueue);
                break;
            case "texts":
                body.Texts("f");
                break;
            case "map":
                body.Map("f");
                break;
            default:
                body.Seconds("f", TimeSpan.FromMinutes(1));
                break;
        }
    }

    private static Task<BodyReader> ReadAsync(string json) => BodyReader.ReadAsync(RequestWith(json));

    private static DefaultHttpContext RequestWith(string body, string? contentType = "application/json") => new()
    {
        Request = { Body = new MemoryStream(Encoding.UTF8.GetBytes(body)), ContentType = contentType },
        RequestServices = new ServiceCollection().AddSingleton(new ApiOptions()).BuildServiceProvider(),
    };
}
