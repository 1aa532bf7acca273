using System.Net;
using System.Net.Sockets;
using ActorRuns.Server.Hosting;
using ActorRuns.Server.Tests.Processes;
using Xunit;

namespace ActorRuns.Server.Tests.Hosting;

public sealed class StartSpec
{
    [Fact]
    public async Task It_listens_where_it_is_told_and_keeps_its_journal_where_it_is_told()
    {
        using var data = new ScratchFolder();
        var port = FreePort();
        var folder = Path.Combine(data.FullName, "not", "there yet");

        await using var server = await ServerProcess.StartAsync(
            ["--urls", $"http://127.0.0.1:{port}", "--data", folder], data.FullName);

        Assert.Equal(new Uri($"http://127.0.0.1:{port}"), server.Address);
        Assert.Equal(Path.Combine(folder, "journal.db"), server.JournalFile);
        await server.Client.NewThreadAsync();
        Assert.True(File.Exists(server.JournalFile));
    }

    [Fact]
    public async Task Told_nothing_it_takes_the_next_free_port_and_a_folder_named_data_and_says_both()
    {
        using var here = new ScratchFolder();
        using var taken = TakeDefaultPort();

        await using var server = await ServerProcess.StartAsync([], here.FullName);

        Assert.InRange(server.Address.Port, ServerOptions.DefaultPort + 1, ServerOptions.DefaultPort + 99);
        Assert.Contains(
            $"Port {ServerOptions.DefaultPort} is taken; taking the next free one, {server.Address.Port}",
            server.Output);
        Assert.Equal(Path.Combine(here.FullName, "data", "journal.db"), server.JournalFile);
    }

    [Fact]
    public async Task What_its_journal_measures_is_told_with_all_else()
    {
        using var data = new ScratchFolder();
        await using var server = await ServerProcess.StartAsync(data);
        await server.Client.NewThreadAsync();

        var metrics = await server.Client.TextAsync("metrics");

        Assert.Contains("actorruns_journal_batch_size_sum 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("actorruns_thread_batch_size_sum 1\n", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Headers_that_are_too_large_are_refused_without_a_document()
    {
        using var data = new ScratchFolder();
        await using var server = await ServerProcess.StartAsync(data);
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server.Address, "ok"));
        request.Headers.Add("X-Large", new string('x', 40_000));

        using var answer = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.RequestHeaderFieldsTooLarge, answer.StatusCode);
        Assert.Empty(await answer.Content.ReadAsStringAsync());
    }

    [LinuxFact]
    public async Task It_watches_no_folder_so_that_writes_to_its_journal_are_told_to_nobody()
    {
        using var data = new ScratchFolder();
        await using var server = await ServerProcess.StartAsync(data);

        var open = new DirectoryInfo($"/proc/{server.ProcessId}/fd").EnumerateFiles()
            .Select(file => file.LinkTarget);

        Assert.DoesNotContain("anon_inode:inotify", open);
    }

    [Fact]
    public async Task A_port_that_was_asked_for_and_is_taken_is_a_fault()
    {
        using var data = new ScratchFolder();
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var address = $"http://{other.LocalEndpoint}";

        var ended = await ServerProcess.RunAsync(["--urls", address, "--data", data.FullName], data.FullName);

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains($"Failed to bind to address {address}: address already in use", ended.Output);
    }

    [Theory]
    [InlineData("soon")]
    [InlineData("-1")]
    [InlineData("600001")]
    public async Task A_delay_that_is_none_is_named_and_nothing_is_started(string delay)
    {
        using var data = new ScratchFolder();

        var ended = await ServerProcess.RunAsync(
            ["--data", data.FullName],
            data.FullName,
            new Dictionary<string, string>(StringComparer.Ordinal) { ["ACTORRUNS_TOOL_DELAY_MS"] = delay });

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains(
            $"ACTORRUNS_TOOL_DELAY_MS is '{delay}'; it must be a whole number of milliseconds from 0 to 600000.",
            ended.Output);
        Assert.Empty(Directory.EnumerateFileSystemEntries(data.FullName));
    }

    [Theory]
    [InlineData("journal.db")]
    [InlineData("index.db")]
    [InlineData("catalog.db")]
    public async Task A_file_that_is_no_data_of_ours_is_a_fault_and_stays_as_it_is(string name)
    {
        using var data = new ScratchFolder();
        var file = Path.Combine(data.FullName, name);
        var content = string.Concat(Enumerable.Repeat("Somebody's diary. ", 100));
        await File.WriteAllTextAsync(file, content);

        var ended = await ServerProcess.RunAsync(
            ["--urls", "http://127.0.0.1:0", "--data", data.FullName], data.FullName);

        Assert.Equal((1, string.Empty), (ended.ExitCode, ended.Errors));
        Assert.Contains($"The data folder {data.FullName} cannot be opened", ended.Output);
        Assert.Equal(content, await File.ReadAllTextAsync(file));
    }

    [Fact]
    public async Task A_data_folder_that_another_server_is_at_work_on_is_a_fault()
    {
        using var data = new ScratchFolder();
        await using var first = await ServerProcess.StartAsync(data);

        var ended = await ServerProcess.RunAsync(
            ["--urls", "http://127.0.0.1:0", "--data", data.FullName], data.FullName);

        Assert.Equal((1, string.Empty), (ended.ExitCode, ended.Errors));
        Assert.Contains("Another server is at work on the data folder", ended.Output);
    }

    [Fact]
    public async Task An_address_that_is_none_is_named()
    {
        using var data = new ScratchFolder();

        var ended = await ServerProcess.RunAsync(["--urls", "8123", "--data", data.FullName], data.FullName);

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("--urls is '8123'; it must be one address such as http://127.0.0.1:8123.", ended.Output);
    }

    [Fact]
    public async Task An_option_that_is_not_known_is_told_with_the_help()
    {
        using var here = new ScratchFolder();

        var ended = await ServerProcess.RunAsync(["--port", "8123"], here.FullName);

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("'--port'", ended.Errors);
        Assert.Contains("--urls", ended.Output);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Takes the default port, unless somebody else on this machine has done so.</summary>
    private static TcpListener? TakeDefaultPort()
    {
        var listener = new TcpListener(IPAddress.Loopback, ServerOptions.DefaultPort);
        try
        {
            listener.Start();
            return listener;
        }
        catch (SocketException)
        {
            listener.Dispose();
            return null;
        }
    }
}
