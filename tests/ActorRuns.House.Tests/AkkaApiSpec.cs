using ActorRuns.House.Tests.Metadata;
using Akka.Actor;
using Akka.Persistence;
using Akka.TestKit;
using Xunit;

namespace ActorRuns.House.Tests;

/// <summary>
/// The product runs on the real Akka.NET as on the engine of our own as long as it uses what the engine contract proves
/// of both. Constants and enum members are copied by the compiler and cannot be seen here; their types can.
/// </summary>
public sealed class AkkaApiSpec
{
    private const string Templates = "The contract pins the method with other numbers of arguments, or another level.";

    /// <summary>Documented API of Akka.NET 1.5 that the contract does not pin, each with the reason.</summary>
    private static readonly Dictionary<string, string> AlsoUsed = new(StringComparer.Ordinal)
    {
        ["Akka.Actor.IActorRefFactory: ActorSelection(ActorPath)"] = "The contract pins it on ActorSystem.",
        ["Akka.Actor.ActorSystem: Create(string)"] = "The contract pins it with a configuration besides.",
        ["Akka.Configuration.ConfigurationException: new(string)"] = "Says what is wrong in the product's section.",
        ["Akka.Configuration.ConfigurationException: new(string, Exception)"] = "The same, with the parser's reason.",
        ["Akka.Event.ILogMessageFormatter"] = "An optional argument of Logging.GetLogger, which the contract does pin.",
        ["Akka.Event.LoggingExtensions: Debug<T>(ILoggingAdapter, string, T)"] = Templates,
        ["Akka.Event.LoggingExtensions: Error<T,T1,T2>(ILoggingAdapter, Exception, string, T, T1, T2)"] = Templates,
        ["Akka.Event.LoggingExtensions: Warning<T>(ILoggingAdapter, string, T)"] = Templates,
        ["Akka.Event.LoggingExtensions: Warning<T,T1>(ILoggingAdapter, string, T, T1)"] = Templates,
        ["Akka.Event.LoggingExtensions: Warning<T,T1,T2>(ILoggingAdapter, string, T, T1, T2)"] = Templates,
        ["Akka.Event.LoggingExtensions: Warning<T,T1,T2,T3>(ILoggingAdapter, string, T, T1, T2, T3)"] = Templates,
        ["Akka.Persistence.DeleteMessagesFailure: Cause"] = "As SaveSnapshotFailure.Cause, of a failed deletion.",
        ["Akka.Persistence.Persistent"] = "What a journal of the tests' own hands to a replay.",
        ["Akka.Persistence.Persistent: new(object, long, string, string, bool, IActorRef, string)"] = "The same.",
        ["Akka.Persistence.SelectedSnapshot: new(SnapshotMetadata, object)"] = "The same of a snapshot store.",
        ["Akka.Persistence.UntypedPersistentActor: Context"] = "As UntypedActor.Context, for persistent actors.",
        ["Akka.TestKit.Xunit2.TestKit: new(ActorSystem, ITestOutputHelper)"] = "A kit in a running system.",
    };

    private static readonly EngineContract Contract = EngineContract.Read();

    /// <summary>The types of the engine that is built on, to see what introduces an overridden member.</summary>
    private static readonly Dictionary<string, Type> EngineTypes =
        new[] { typeof(ActorSystem), typeof(Eventsourced), typeof(TestProbe) }
        .Select(type => type.Assembly)
        .Distinct()
        .SelectMany(assembly => assembly.GetExportedTypes())
        .ToDictionary(TypeNames.Of, StringComparer.Ordinal);

    [Fact]
    public void Only_what_the_engine_contract_proves_is_used_of_Akka()
    {
        House.HasNone(
            from project in Users()
            from use in Unproven(project)
            where !AlsoUsed.ContainsKey(use)
            select $"{use} (in {project})");
    }

    [Fact]
    public void Every_exception_from_that_is_still_needed()
    {
        var unproven = Users().SelectMany(Unproven).ToHashSet(StringComparer.Ordinal);

        House.HasNone(AlsoUsed.Keys.Where(use => !unproven.Contains(use)));
    }

    /// <summary>All projects but the engine's own and their tests, which are about what is inside of it.</summary>
    private static IEnumerable<string> Users() => Repository.Projects
        .Select(Repository.NameOf)
        .Where(name => name is not "ActorRuns.House.Tests")
        .Where(name => !name.StartsWith("ActorRuns.Engine", StringComparison.Ordinal));

    private static IEnumerable<string> Unproven(string project)
    {
        using var assembly = new CompiledAssembly(project);
        var types = assembly.UsedTypes.Where(IsAkka).Where(type => !Contract.Types.Contains(type));
        var members = assembly.UsedMembers.Concat(assembly.Overrides(FindType))
            .Where(use => IsAkka(use.Type) && !Contract.Members.Contains(use))
            .Select(use => use.ToString());
        return [.. types.Concat(members).Distinct(StringComparer.Ordinal)];
    }

    private static bool IsAkka(string type) => type.StartsWith("Akka.", StringComparison.Ordinal);

    private static Type? FindType(string name) => EngineTypes.GetValueOrDefault(name);
}
