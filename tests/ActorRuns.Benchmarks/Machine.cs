using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using Akka.Actor;

namespace ActorRuns.Benchmarks;

/// <summary>Where figures come from: a figure without it means nothing.</summary>
internal static class Machine
{
    /// <summary>Machine, cores, runtime, commit, engine and command, a line each.</summary>
    public static string Describe(IEnumerable<string> args)
    {
        var engine = typeof(ActorSystem).Assembly.GetName();
        return string.Create(CultureInfo.InvariantCulture, $"""
            machine  {Processor()}, {Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}
            runtime  {RuntimeInformation.FrameworkDescription}, {Configuration()}
            engine   {engine.Name} {engine.Version}
            commit   {Git("rev-parse", "--short", "HEAD")}{(Git("status", "--porcelain") is "" ? "" : " with changes")}
            command  {string.Join(' ', args)}
            """);
    }

    private static string Configuration() =>
        Assembly.GetExecutingAssembly().GetCustomAttribute<AssemblyConfigurationAttribute>()?.Configuration ?? "";

    private static string Processor()
    {
        const string Description = "/proc/cpuinfo";
        var lines = File.Exists(Description) ? File.ReadLines(Description) : [];
        var model = lines.FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal));
        return model?.Split(':', 2)[1].Trim() ?? $"{RuntimeInformation.ProcessArchitecture}";
    }

    private static string Git(params string[] arguments)
    {
        var start = new ProcessStartInfo("git", arguments)
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
            WorkingDirectory = AppContext.BaseDirectory,
        };
        using var process = Process.Start(start)!; // Null only where the shell starts it.
        return process.StandardOutput.ReadToEnd().Trim();
    }
}
