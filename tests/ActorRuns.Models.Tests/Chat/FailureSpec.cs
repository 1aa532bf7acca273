using ActorRuns.Models.Tests.Providers;
using ActorRuns.Runs;
using Xunit;

namespace ActorRuns.Models.Tests.Chat;

/// <summary>What a run says when its model cannot be asked, or does not answer as it should.</summary>
public sealed class FailureSpec
{
    [Theory]
    [InlineData("openai", 503)]
    [InlineData("openai", 429)]
    [InlineData("openai", 500)]
    [InlineData("anthropic", 529)]
    [InlineData("anthropic", 429)]
    [InlineData("anthropic", 500)]
    public async Task What_is_refused_for_now_is_asked_again(string provider, int status)
    {
        await using var stack = await ModelStack.StartAsync(provider);
        stack.Provider.Script(Reply.Fails(status), Reply.Fails(status, ("Retry-After", "0")), Reply.Says("Here."));
        var thread = await stack.NewThreadAsync();

        var run = await stack.EndOfAsync(thread, await stack.SayAsync(thread, "Hi"));

        Assert.Equal(RunStatus.Success, run.Status);
        Assert.Equal(3, stack.Provider.Requests.Count);
        Assert.Equal(["human: Hi", "ai: Here."], await stack.TranscriptAsync(thread));
    }

    [Theory]
    [InlineData("openai", 500, 4, "The provider of openai:gpt-test failed (500)")]
    [InlineData("openai", 429, 4, "openai:gpt-test takes no more requests for now (429)")]
    [InlineData("openai", 400, 1, "openai:gpt-test refused the request (400)")]
    [InlineData("anthropic", 500, 4, "The provider of anthropic:claude-test failed (500)")]
    [InlineData("anthropic", 529, 4, "The provider of anthropic:claude-test failed (529)")]
    [InlineData("anthropic", 429, 4, "anthropic:claude-test takes no more requests for now (429)")]
    [InlineData("anthropic", 400, 1, "anthropic:claude-test refused the request (400)")]
    public async Task What_stays_refused_is_told(string provider, int status, int requests, string told)
    {
        await using var stack = await ModelStack.StartAsync(provider);
        stack.Provider.Otherwise = Reply.Fails(status);

        var failure = await stack.FailureOfAsync("Hi");

        Assert.Equal("ModelException", failure.Error);
        Assert.StartsWith(told, failure.Message, StringComparison.Ordinal);
        Assert.Contains($"The fake was told to answer {status}.", failure.Message, StringComparison.Ordinal);
        Assert.Equal(requests, stack.Provider.Requests.Count);
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("anthropic")]
    public async Task A_provider_that_asks_for_longer_than_we_wait_is_not_asked_again(string provider)
    {
        await using var stack = await ModelStack.StartAsync(provider);
        stack.Provider.Otherwise = Reply.Fails(429, ("Retry-After", "3600"));

        var failure = await stack.FailureOfAsync("Hi");

        Assert.Contains("(429) and asks to wait for 01:00:00", failure.Message, StringComparison.Ordinal);
        Assert.Single(stack.Provider.Requests);
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("anthropic")]
    public async Task A_wrong_key_is_told_without_the_key(string provider)
    {
        const string Wrong = "sk-wrong-88c1d0";
        await using var stack = await ModelStack.StartAsync(provider, change: options => new ModelOptions
        {
            OpenAI = new() { ApiKey = Wrong, BaseUrl = options.OpenAI.BaseUrl, Model = options.OpenAI.Model },
            Anthropic = new() { ApiKey = Wrong, BaseUrl = options.Anthropic.BaseUrl, Model = options.Anthropic.Model },
            Default = provider is "openai" ? "openai:gpt-test" : "anthropic:claude-test",
        });

        var failure = await stack.FailureOfAsync("Hi");

        Assert.Contains("is refused to us (401); check", failure.Message, StringComparison.Ordinal);
        Assert.Contains("***", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Wrong, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("openai", "openai:gpt-99", "openai:gpt-99 is not known at http://127.0.0.1")]
    [InlineData("anthropic", "claude-99", "anthropic:claude-99 is not known at http://127.0.0.1")]
    [InlineData(
        "openai",
        "anthropic:claude-test",
        "anthropic:claude-test cannot be asked without a key: set ANTHROPIC_API_KEY")]
    [InlineData("anthropic", "gpt-test", "openai:gpt-test cannot be asked without a key: set OPENAI_API_KEY")]
    [InlineData("openai", "google:gemini", "'google:gemini' names the provider 'google', which is not served")]
    [InlineData("openai", "openai:", "'openai:' names no model")]
    public async Task A_run_that_chooses_a_model_that_there_is_none_of_says_so(
        string provider, string model, string told)
    {
        await using var stack = await ModelStack.StartAsync(provider);

        var failure = await stack.FailureOfAsync("Hi", new { model });

        Assert.Equal("ModelException", failure.Error);
        Assert.StartsWith(told, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_chooses_its_model()
    {
        await using var stack = await ModelStack.StartAsync("openai", change: options => new ModelOptions
        {
            OpenAI = new() { ApiKey = FakeProvider.Key, BaseUrl = options.OpenAI.BaseUrl, Model = "gpt-dear" },
        });
        stack.Provider.Script(Reply.Says("Cheap."));
        var thread = await stack.NewThreadAsync();

        var run = await stack.SayAsync(thread, "Hi", configurable: new { model = "openai:gpt-test" });

        Assert.Equal(RunStatus.Success, (await stack.EndOfAsync(thread, run)).Status);
    }

    [Fact]
    public async Task A_run_may_not_choose_where_that_is_off()
    {
        await using var stack = await ModelStack.StartAsync("openai", change: options => new ModelOptions
        {
            OpenAI = options.OpenAI,
            Selectable = false,
        });

        var failure = await stack.FailureOfAsync("Hi", new { model = "openai:gpt-dear" });

        Assert.Equal("This run asks for openai:gpt-dear, but runs may not choose their model here.", failure.Message);
    }

    [Theory]
    [InlineData("openai", ReplyEnd.CutOff, "openai:gpt-test broke off")]
    [InlineData("openai", ReplyEnd.Failed, "The server had an error.")]
    [InlineData("anthropic", ReplyEnd.CutOff, "anthropic:claude-test broke off")]
    [InlineData("anthropic", ReplyEnd.Failed, "Overloaded")]
    public async Task An_answer_that_breaks_off_fails_the_run_and_leaves_the_thread_usable(
        string provider, ReplyEnd end, string told)
    {
        await using var stack = await ModelStack.StartAsync(provider);
        stack.Provider.Script(Reply.Says("Half an ") with { End = end }, Reply.Says("Whole."));
        var thread = await stack.NewThreadAsync();

        var failed = await stack.EndOfAsync(thread, await stack.SayAsync(thread, "Hi"));

        Assert.Contains(told, Assert.IsType<RunCause.Failed>(failed.Cause).Message, StringComparison.Ordinal);
        var next = await stack.EndOfAsync(thread, await stack.SayAsync(thread, "And now?"));
        Assert.Equal(RunStatus.Success, next.Status);
        Assert.Empty(stack.Provider.Faults);
        Assert.Equal(2, stack.Provider.Requests.Count);
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("anthropic")]
    public async Task An_answer_whose_connection_is_torn_is_not_asked_for_again(string provider)
    {
        await using var stack = await ModelStack.StartAsync(provider);
        stack.Provider.Script(Reply.Says("Half an") with { End = ReplyEnd.Stalled });
        var thread = await stack.NewThreadAsync();
        var run = await stack.SayAsync(thread, "Hi");
        await ModelStack.ToldAsync(run, "Half an");

        (await stack.Provider.StalledAsync()).Tear();

        var failure = Assert.IsType<RunCause.Failed>((await stack.EndOfAsync(thread, run)).Cause);
        Assert.Equal("ModelException", failure.Error);
        Assert.Contains(" broke off", failure.Message, StringComparison.Ordinal);
        Assert.Single(stack.Provider.Requests);
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("anthropic")]
    public async Task An_answer_that_stops_coming_fails_the_run_and_is_closed(string provider)
    {
        await using var stack = await ModelStack.StartAsync(provider, change: options => new ModelOptions
        {
            OpenAI = options.OpenAI,
            Anthropic = options.Anthropic,
            StallTimeout = TimeSpan.FromMilliseconds(200),
        });
        stack.Provider.Script(Reply.Says("Hm, ") with { End = ReplyEnd.Stalled });

        var failure = await stack.FailureOfAsync("Hi");

        Assert.EndsWith("The answer stopped coming for 00:00:00.2000000.", failure.Message, StringComparison.Ordinal);
        await (await stack.Provider.StalledAsync()).Closed.WaitAsync(ModelStack.Patience);
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("anthropic")]
    public async Task An_endpoint_where_nobody_is_is_told_with_its_address(string provider)
    {
        var fake = await ModelStack.StartProviderAsync(provider);
        var options = ModelStack.OptionsFor(fake);
        var address = fake.Address;
        await fake.DisposeAsync();
        await using var stack = await ModelStack.StartAsync(provider, change: _ => options);

        var failure = await stack.FailureOfAsync("Hi");

        Assert.Equal("ModelException", failure.Error);
        Assert.Contains($"cannot be reached at {address}", failure.Message, StringComparison.Ordinal);
    }
}
