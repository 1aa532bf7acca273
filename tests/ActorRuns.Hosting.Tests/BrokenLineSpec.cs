using System.Net;
using System.Text;
using ActorRuns.Client;
using ActorRuns.Runs;
using ActorRuns.Threads;
using Xunit;

namespace ActorRuns.Hosting.Tests;

/// <summary>What <see cref="HttpThreads"/> does when the line breaks, or who answers is no runtime.</summary>
public sealed class BrokenLineSpec
{
    private static readonly ThreadId Thread = new(Guid.Parse("11111111-1111-1111-1111-111111111111"));
    private static readonly RunId Run = new(Guid.Parse("22222222-2222-2222-2222-222222222222"));

    private static CancellationToken InTime => new CancellationTokenSource(TimeSpan.FromSeconds(20)).Token;

    [Fact]
    public async Task A_stream_that_breaks_is_read_on_after_its_last_event()
    {
        var line = new Line(
            _ => Ok(Broken("event: metadata\ndata: {}\nid: 1-0\n\nevent: values\nda")),
            _ => throw new HttpRequestException("no route"),
            _ => Ok(new StringContent("event: values\ndata: {\"a\":1}\nid: 2-0\n\n")));

        var seen = new List<RunEvent>();
        await foreach (var told in line.Threads.FollowAsync(Thread, Run, null, InTime))
            seen.Add(told);

        Assert.Equal(["1-0", "2-0"], seen.Select(told => told.Id));
        Assert.Equal(["-1", "1-0", "1-0"], line.Requests.Select(request => request.LastEventId));
    }

    [Fact]
    public async Task A_wait_that_breaks_is_begun_again()
    {
        var line = new Line(
            _ => Ok(Broken("\n\n")),
            _ => Ok(new StringContent("\n{\"a\":1}")),
            _ => new HttpResponseMessage(HttpStatusCode.NotFound));

        var ended = await line.Threads.AwaitEndAsync(Thread, Run, InTime);

        Assert.Equal(1, ended.Values.GetProperty("a").GetInt32());
    }

    [Fact]
    public async Task What_may_have_been_accepted_is_not_sent_again()
    {
        var line = new Line(_ => throw new HttpRequestException("reset"));

        await Assert.ThrowsAsync<UnavailableException>(
            () => line.Threads.SubmitAsync(Thread, NewRun.Say("agent", "hi"), InTime));

        Assert.Single(line.Requests);
    }

    [Theory]
    [InlineData(HttpStatusCode.Unauthorized, "<html>Sign in</html>")]
    [InlineData(HttpStatusCode.BadGateway, "")]
    public async Task An_answer_that_is_no_problem_document_is_told_by_its_status(HttpStatusCode status, string body)
    {
        var line = new Line(_ => new HttpResponseMessage(status) { Content = new StringContent(body) });

        var refused = await Assert.ThrowsAsync<ThreadsException>(() => line.Threads.ReadAsync(Thread, InTime));

        Assert.Equal((int)status, refused.Status);
    }

    [Fact]
    public async Task The_prefix_of_the_address_is_kept()
    {
        var line = new Line(_ => new HttpResponseMessage(HttpStatusCode.NotFound));

        await Assert.ThrowsAsync<NotFoundException>(() => line.Threads.ReadAsync(Thread, InTime));

        Assert.Equal($"/api/threads/{Thread}", line.Requests[0].Path);
    }

    private static HttpResponseMessage Ok(HttpContent content) => new() { Content = content };

    private static StreamContent Broken(string start) => new(new BrokenStream(Encoding.UTF8.GetBytes(start)));

    /// <summary>Answers each request with the next of its answers.</summary>
    private sealed class Line(params Func<HttpRequestMessage, HttpResponseMessage>[] answers) : HttpMessageHandler
    {
        public List<(string Path, string? LastEventId)> Requests { get; } = [];

        public HttpThreads Threads => new(new HttpClient(this) { BaseAddress = new Uri("http://runtime/api") });

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await Task.Yield();
            var last = request.Headers.TryGetValues("Last-Event-ID", out var ids) ? ids.Single() : null;
            Requests.Add((request.RequestUri!.AbsolutePath, last)); // HttpClient sets it.
            return answers[Requests.Count - 1](request);
        }
    }

    /// <summary>Gives what it has, and then breaks.</summary>
    private sealed class BrokenStream(byte[] start) : MemoryStream(start)
    {
        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            await base.ReadAsync(buffer, cancellationToken) is > 0 and var read
                ? read
                : throw new IOException("The line broke.");

        public override Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken) =>
            throw new IOException("The line broke.");
    }
}
