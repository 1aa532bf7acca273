using System.Reflection;
using System.Runtime.CompilerServices;
using ActorRuns.House.Tests.Metadata;

namespace ActorRuns.House.Tests;

/// <summary>What an assembly offers to others, a line for a type or member. Without what every record has.</summary>
internal static class PublicApi
{
    private const BindingFlags Declared = BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic
        | BindingFlags.Instance | BindingFlags.Static;

    private static readonly string[] OfEveryRecord =
    [
        "Equals", "GetHashCode", "ToString", "Deconstruct", "PrintMembers", "EqualityContract", "<Clone>$",
        "op_Equality", "op_Inequality",
    ];

    /// <summary>The lines, in ordinal order.</summary>
    public static IEnumerable<string> Of(Assembly assembly) => assembly.GetExportedTypes()
        .SelectMany(type => type.GetMembers(Declared).Where(IsOffered).Select(Line).Prepend(Line(type)))
        .Order(StringComparer.Ordinal);

    private static bool IsOffered(MemberInfo member) => !OfEveryRecord.Contains(member.Name) && member switch
    {
        Type => false, // Has lines of its own.
        ConstructorInfo constructor => IsVisible(constructor) && !IsCompilers(constructor),
        MethodInfo method => IsVisible(method) && !IsCompilers(method) && (!method.IsSpecialName || IsOperator(method)),
        PropertyInfo property => property.GetAccessors(nonPublic: true).Any(IsVisible),
        FieldInfo field => field.IsPublic && field.Name != "value__",
        EventInfo => true,
        _ => false,
    };

    private static bool IsVisible(MethodBase method) => method switch
    {
        { IsPublic: true } => true,
        { IsFamily: true } or { IsFamilyOrAssembly: true } => !method.DeclaringType!.IsSealed,
        _ => false,
    };

    /// <summary>Whether nobody wrote it; the accessors of plain properties look so, too.</summary>
    private static bool IsCompilers(MethodBase method) =>
        method.Name[0] == '<' || method.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false);

    private static bool IsOperator(MethodBase method) => method.Name.StartsWith("op_", StringComparison.Ordinal);

    private static string Line(Type type) => $"{TypeNames.Of(type)} ({KindOf(type)}{BasesOf(type)})";

    private static string Line(MemberInfo member)
    {
        var shown = member switch
        {
            MethodBase method => $"{NameOf(method)}({Parameters(method)}){Returned(method)}",
            PropertyInfo property => $"{property.Name}: {TypeNames.Short(property.PropertyType)} {Accessors(property)}",
            FieldInfo field => $"{field.Name}: {TypeNames.Short(field.FieldType)}{Constant(field)}",
            _ => member.Name,
        };
        return $"{TypeNames.Of(member.DeclaringType!)}.{shown}"; // Types have lines of their own, so it has one.
    }

    private static string KindOf(Type type) => type switch
    {
        { IsEnum: true } => "enum",
        { IsInterface: true } => "interface",
        { IsValueType: true } => "struct",
        { IsAbstract: true, IsSealed: true } => "static class",
        { IsAbstract: true } => "abstract class",
        { IsSealed: true } => "sealed class",
        _ => "class",
    };

    private static string BasesOf(Type type) =>
        type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType) && parent != typeof(Enum)
            ? $": {TypeNames.Short(parent)}"
            : "";

    private static string NameOf(MethodBase method) => method switch
    {
        ConstructorInfo => "new",
        { IsGenericMethod: true } => method.Name + TypeNames.Parameters(method.GetGenericArguments().Length),
        _ => method.Name,
    };

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(Parameter));

    private static string Parameter(ParameterInfo parameter)
    {
        var declared = $"{TypeNames.Short(parameter.ParameterType)} {parameter.Name}";
        return parameter.HasDefaultValue ? $"{declared} = {parameter.DefaultValue ?? "null"}" : declared;
    }

    private static string Returned(MethodBase method) =>
        method is MethodInfo { ReturnType: var type } ? $": {TypeNames.Short(type)}" : "";

    private static string Accessors(PropertyInfo property)
    {
        var get = property.GetMethod is { } getter && IsVisible(getter) ? "get; " : "";
        var set = property.SetMethod is { } setter && IsVisible(setter) ? IsInit(setter) ? "init; " : "set; " : "";
        return $"{{ {get}{set}}}";
    }

    private static bool IsInit(MethodInfo set) =>
        set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit));

    private static string Constant(FieldInfo field) => field.IsLiteral ? $" = {field.GetRawConstantValue()}" : "";
}
