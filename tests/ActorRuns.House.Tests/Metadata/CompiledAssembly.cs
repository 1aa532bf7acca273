using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace ActorRuns.House.Tests.Metadata;

/// <summary>A member of another assembly's type, written as the engine contract's README writes it.</summary>
/// <param name="Type">With its namespace, <c>Akka.Actor.Status.Failure</c>.</param>
/// <param name="Member">
/// <c>Name</c>, <c>Name (set)</c>, <c>Name(IActorRef, object)</c>, <c>new(string)</c> or <c>operator /</c>.
/// </param>
internal readonly record struct MemberUse(string Type, string Member)
{
    public override string ToString() => $"{Type}: {Member}";
}

/// <summary>What an assembly says of itself and of what it uses. Read off its metadata: it is not loaded.</summary>
internal sealed class CompiledAssembly : IDisposable
{
    private readonly PEReader _file;
    private readonly MetadataReader _metadata;

    /// <summary>Opens the assembly of the project of this name.</summary>
    public CompiledAssembly(string name)
    {
        _file = new PEReader(File.OpenRead(Repository.AssemblyOf(name)));
        _metadata = _file.GetMetadataReader();
    }

    /// <summary>The types it declares, by full name, without what the compiler made up.</summary>
    public IEnumerable<string> DeclaredTypes => _metadata.TypeDefinitions
        .Select(handle => TypeNames.Of(_metadata, handle))
        .Where(name => !name.Contains('<', StringComparison.Ordinal) || name.EndsWith('>'));

    /// <summary>The types of other assemblies that it names anywhere.</summary>
    public IEnumerable<string> UsedTypes => _metadata.TypeReferences.Select(handle => TypeNames.Of(_metadata, handle));

    /// <summary>The members of other assemblies that it uses. Constants are not among them: they are copied.</summary>
    public IEnumerable<MemberUse> UsedMembers => _metadata.MemberReferences
        .Select(_metadata.GetMemberReference)
        .Where(member => member.Parent.Kind is HandleKind.TypeReference or HandleKind.TypeSpecification)
        .Select(member => new MemberUse(TypeNames.Of(_metadata, member.Parent), MemberNames.Of(_metadata, member)));

    /// <summary>
    /// The members of other assemblies that its classes override, under the type that introduces them.
    /// </summary>
    /// <param name="findType">Finds a base type by its full name; null for those that do not matter.</param>
    public IEnumerable<MemberUse> Overrides(Func<string, Type?> findType) =>
        from handle in _metadata.TypeDefinitions
        let type = _metadata.GetTypeDefinition(handle)
        let outer = OuterBase(type) is { } name ? findType(name) : null
        where outer is not null
        from methodHandle in type.GetMethods()
        let method = _metadata.GetMethodDefinition(methodHandle)
        where (method.Attributes & (MethodAttributes.Virtual | MethodAttributes.NewSlot)) is MethodAttributes.Virtual
        let member = MemberNames.Of(_metadata, method)
        let origin = Introduces(outer, member)
        where origin is not null
        select new MemberUse(TypeNames.Of(origin), member);

    public void Dispose() => _file.Dispose();

    /// <summary>The nearest base type that another assembly declares.</summary>
    private string? OuterBase(TypeDefinition type)
    {
        while (type.BaseType is { IsNil: false, Kind: HandleKind.TypeDefinition } inner)
            type = _metadata.GetTypeDefinition((TypeDefinitionHandle)inner);
        return type.BaseType.IsNil ? null : TypeNames.Of(_metadata, type.BaseType);
    }

    private static Type? Introduces(Type type, string member) =>
        type.GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .FirstOrDefault(method => method.IsVirtual && MemberNames.Of(method) == member)?
            .GetBaseDefinition().DeclaringType;
}
