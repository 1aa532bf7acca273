using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace ActorRuns.Engine.Tests.Persistence;

/// <summary>
/// A PostgreSQL server of the test run's own: on a free port of the loopback address, with a fresh data folder that is
/// gone afterwards. Where Debian's package is missing it is installed.
/// </summary>
public sealed class PostgreSqlServer : IDisposable
{
    /// <summary>PostgreSQL does not run as root; Debian's package brings this user.</summary>
    private const string User = "postgres";

    private readonly string _binaries = FindBinaries() ?? Install();
    private readonly string _folder = Directory.CreateTempSubdirectory("engine-postgresql-").FullName;
    private readonly bool _durable;

    /// <summary>A server for tests: what a power cut would leave is not what they are about.</summary>
    public PostgreSqlServer() : this(durable: false)
    {
    }

    /// <param name="durable">Whether a commit outlives a power cut.</param>
    internal PostgreSqlServer(bool durable)
    {
        _durable = durable;
        if (Environment.IsPrivilegedProcess)
            Run("chown", User, _folder);
        RunAsUser("initdb", "-D", Data, "-U", User, "-A", "trust", "-E", "UTF8", "--no-sync");
        Start();
    }

    /// <summary>Whether a server can be started without installing it first.</summary>
    public static bool IsInstalled => FindBinaries() is not null;

    public int Port { get; } = FreePort();

    private string Data => Path.Combine(_folder, "data");

    public void Start() => RunAsUser(
        "pg_ctl", "-D", Data, "-w", "-l", Path.Combine(_folder, "log"), "-o",
        $"-p {Port} -k {_folder} -c listen_addresses=127.0.0.1 -c fsync={(_durable ? "on" : "off")}",
        "start");

    /// <summary>Ends the server at once, with all connections.</summary>
    public void Stop() => RunAsUser("pg_ctl", "-D", Data, "-w", "-m", "immediate", "stop");

    public string ConnectionString(string database) =>
        $"Host=127.0.0.1;Port={Port};Username={User};Database={database}";

    public void Execute(string sql)
    {
        using var connection = new NpgsqlConnection($"{ConnectionString("postgres")};Pooling=False");
        connection.Open();
#pragma warning disable CA2100 // The tests' own texts.
        using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    public void Dispose()
    {
        Stop();
        Directory.Delete(_folder, recursive: true);
    }

    private static string? FindBinaries() =>
        Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql")
                .Select(version => Path.Combine(version, "bin"))
                .Where(folder => File.Exists(Path.Combine(folder, "initdb")))
                .Max(StringComparer.Ordinal)
            : null;

    private static string Install()
    {
        Run("apt-get", "update");
        Run("apt-get", "install", "-y", "--no-install-recommends", "postgresql");
        return FindBinaries() ?? throw new InvalidOperationException("The package postgresql brought no initdb.");
    }

    private static int FreePort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }

    private void RunAsUser(string program, params string[] arguments)
    {
        var path = Path.Combine(_binaries, program);
        if (Environment.IsPrivilegedProcess)
            Run("runuser", ["-u", User, "--", path, .. arguments]);
        else
            Run(path, arguments);
    }

    private static void Run(string program, params string[] arguments)
    {
        // Output goes nowhere: the server inherits the pipes, and reading them would wait for its end.
        string[] inShell = ["-c", "exec \"$@\" > /dev/null 2>&1", "sh", program, .. arguments];
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", inShell) { WorkingDirectory = "/" })!;
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException(
                $"'{program} {string.Join(' ', arguments)}' ended with {process.ExitCode}.");
    }
}
