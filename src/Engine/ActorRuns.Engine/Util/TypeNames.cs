using System.Reflection;
using Akka.Configuration;

namespace Akka.Util;

/// <summary>
/// Finds the types that configuration and manifests name. Akka.NET's own assembly names stand for the assembly of
/// this engine that ships the type, so configuration written for the real packages works unchanged.
/// </summary>
internal static class TypeNames
{
    private const string Engine = "ActorRuns.Engine";
    private const string TestKit = "ActorRuns.Engine.TestKit";

    private static readonly Dictionary<string, string> Assemblies = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Akka"] = Engine,
        ["Akka.Persistence"] = Engine,
        ["Akka.DependencyInjection"] = Engine,
        ["Akka.Persistence.Sql"] = "ActorRuns.Engine.Sql",
        ["Akka.TestKit"] = TestKit,
        ["Akka.TestKit.Xunit2"] = TestKit,
    };

    /// <summary>Types whose counterpart here has another name.</summary>
    private static readonly Dictionary<string, string> Renamed = new(StringComparer.Ordinal)
    {
        ["Akka.Actor.HashedWheelTimerScheduler"] = typeof(Actor.HeapScheduler).FullName!,
        ["Akka.Serialization.NewtonSoftJsonSerializer"] = typeof(Serialization.JsonSerializer).FullName!,
    };

    /// <summary>The type of this name, assembly-qualified or, for a type of the engine, without an assembly.</summary>
    /// <exception cref="ConfigurationException">There is no such type.</exception>
    public static Type Require(string name, string usedFor) =>
        Find(name) ?? throw new ConfigurationException($"{usedFor} is '{name}', but there is no such type.");

    /// <summary>The type of this name, or null.</summary>
    public static Type? Find(string name) =>
        Type.GetType(name, FindAssembly, FindIn, throwOnError: false, ignoreCase: false);

    /// <summary>
    /// The name that <see cref="Find"/> turns back into the type, without the version of its assembly.
    /// </summary>
    public static string Of(Type type) =>
        type.IsGenericType || type.HasElementType
            ? type.AssemblyQualifiedName!
            : $"{type.FullName}, {type.Assembly.GetName().Name}";

    private static Assembly? FindAssembly(AssemblyName name)
    {
        var wanted = Assemblies.GetValueOrDefault(name.Name!);
        try
        {
            return Assembly.Load(wanted is null ? name : new AssemblyName(wanted));
        }
        catch (Exception e) when (e is FileNotFoundException or FileLoadException or BadImageFormatException)
        {
            return null;
        }
    }

    private static Type? FindIn(Assembly? assembly, string name, bool ignoreCase)
    {
        name = Renamed.GetValueOrDefault(name, name);
        return assembly?.GetType(name, throwOnError: false, ignoreCase)
            ?? (assembly is null ? typeof(TypeNames).Assembly.GetType(name) ?? Type.GetType(name) : null);
    }
}
