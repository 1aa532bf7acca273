using System.Diagnostics;
using ActorRuns.Client;
using ActorRuns.Hosting.Tests.Browser;
using ActorRuns.Runs;
using Xunit;

namespace ActorRuns.Hosting.Tests;

/// <summary>The samples as a user runs them: processes of their own.</summary>
public sealed class SamplesSpec : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("actorruns-");

    private static CancellationToken InTime => new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task The_console_sample_interrupts_its_agent_and_prints_what_was_said()
    {
        using var sample = Start("ActorRuns.Samples.Console");

        var output = await sample.StandardOutput.ReadToEndAsync(InTime);
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        await sample.WaitForExitAsync(InTime);

        Assert.Equal(0, sample.ExitCode);
        Assert.Equal(["human", "ai", "human", "ai"], lines.Select(line => line.Split(':')[0]));
        Assert.DoesNotContain("thinking", lines[1], StringComparison.Ordinal); // Cut off, and kept.
        Assert.Contains("\"What's the weather in SF?\" and \"No, in NYC?\"", lines[3], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_README_shows_the_console_sample_as_it_is()
    {
        var readme = await File.ReadAllTextAsync(Path.Combine(Root, "README.md"), InTime);
        var sample = await File.ReadAllTextAsync(
            Path.Combine(Root, "samples", "ActorRuns.Samples.Console", "Program.cs"), InTime);

        Assert.Contains($"```csharp\n{sample}```\n", readme, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_chat_sample_serves_its_page_and_the_API_that_the_page_asks()
    {
        using var sample = Start("ActorRuns.Samples.Chat", "--urls", "http://127.0.0.1:0", "--data", _folder.FullName);
        try
        {
            var address = await AddressOfAsync(sample);
            using var client = new HttpClient { BaseAddress = new Uri($"{address}/api") };
            var page = await client.GetStringAsync(new Uri("/", UriKind.Relative), InTime);
            var threads = new HttpThreads(client);
            var thread = await threads.CreateAsync(new NewThread(), InTime);

            var names = new List<string>();
            RunView? second = null;
            var asked = NewRun.Say("agent", "one") with { StreamModes = StreamModes.Values | StreamModes.Messages };
            await foreach (var told in threads.StreamAsync(thread.Id, asked, InTime))
            {
                names.Add(told.Name);
                if (told.Name == "messages/partial" && second is null)
                {
                    second = await threads.SubmitAsync(
                        thread.Id, NewRun.Say("agent", "two") with { Strategy = MultitaskStrategy.Interrupt }, InTime);
                }
            }

            var runs = await threads.ReadRunsAsync(thread.Id, 10, InTime);
            await threads.CancelAsync(thread.Id, second!.Id, CancelAction.Interrupt, InTime); // There was a first word.

            Assert.Contains("multitask_strategy", page, StringComparison.Ordinal);
            Assert.Contains("values", names);
            Assert.Equal((RunStatus.Interrupted, "superseded"), (runs[1].Status, runs[1].Cause));
        }
        finally
        {
            sample.Kill();
            await sample.WaitForExitAsync(InTime);
        }
    }

    [Fact]
    public async Task The_page_of_the_chat_sample_shows_double_texting_in_a_browser()
    {
        using var sample = Start("ActorRuns.Samples.Chat", "--urls", "http://127.0.0.1:0", "--data", _folder.FullName);
        var inTime = InTime;
        try
        {
            var address = new Uri(await AddressOfAsync(sample));
            var (browser, page) = await Chromium.OpenAsync(address, inTime);
            await using var started = browser;
            await using var opened = page;

            await SendAsync(page, "one", "interrupt");
            await page.SeesAsync("document.querySelector('.ai')?.textContent.includes('You have')", inTime);
            await SendAsync(page, "not now", "reject");
            await page.SeesAsync("document.querySelector('#note').textContent.length > 0", inTime);
            var refusal = await page.DoAsync("document.querySelector('#note').textContent", inTime);
            await SendAsync(page, "two", "interrupt");
            await page.SeesAsync(
                "[...document.querySelectorAll('.ai')].at(-1)?.textContent.includes('so far, and I am thinking.')",
                inTime);
            var lines = await page.DoAsync(
                "[...document.querySelectorAll('#log p')].map((line) => `${line.className}: ${line.textContent}`)",
                inTime);

            var shown = lines.EnumerateArray().Select(line => $"{line}").ToList();
            Assert.Contains("already running", $"{refusal}", StringComparison.Ordinal);
            Assert.Equal(["human", "ai cut", "human", "ai"], shown.Select(line => line.Split(':')[0]));
            Assert.Equal("human: two", shown[2]);
            Assert.Contains("You have asked me \"one\" and \"two\" so far", shown[3], StringComparison.Ordinal);
        }
        finally
        {
            sample.Kill();
            await sample.WaitForExitAsync(inTime);
        }
    }

    /// <summary>Writes and sends, as a user does.</summary>
    private static Task SendAsync(BrowserPage page, string text, string strategy) => page.DoAsync(
        $$"""
        document.querySelector("form").text.value = "{{text}}";
        document.querySelector("form").strategy.value = "{{strategy}}";
        document.querySelector("form button").click();
        """,
        InTime);

    private static string Root
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(folder.FullName, "ActorRuns.sln")))
                folder = folder.Parent ?? throw new DirectoryNotFoundException("No folder above has ActorRuns.sln.");
            return folder.FullName;
        }
    }

    /// <summary>Starts what this build made of a sample.</summary>
    private static Process Start(string name, params string[] arguments)
    {
        // artifacts/bin/{project}/{configuration}
        var here = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        var program = Path.Combine(here.Parent!.Parent!.FullName, name, here.Name, $"{name}.dll");
        var start = new ProcessStartInfo("dotnet", [program, .. arguments])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        return Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
    }

    private static async Task<string> AddressOfAsync(Process sample)
    {
        const string Listens = "Now listening on: ";
        while (await sample.StandardOutput.ReadLineAsync(InTime) is { } line)
        {
            if (line.IndexOf(Listens, StringComparison.Ordinal) is >= 0 and var at)
                return line[(at + Listens.Length)..].Trim();
        }

        throw new InvalidOperationException("The sample ended before it listened.");
    }
}
