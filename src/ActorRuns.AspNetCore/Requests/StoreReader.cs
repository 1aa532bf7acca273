using System.Collections.Immutable;
using System.Text.Json;
using ActorRuns.AspNetCore.Problems;
using ActorRuns.Store;
using Microsoft.AspNetCore.Http;

namespace ActorRuns.AspNetCore.Requests;

/// <summary>Reads what requests say of the store's items.</summary>
internal static class StoreReader
{
    private const string ExpectedLabels = "a list of labels, each a text that is not empty and has no period";
    private const string ExpectedSpace = "a list of one label or more, each a text that is not empty and has no period";
    private const int MaxLimit = 1_000;
    private const double MaxTtlMinutes = 10 * 365 * 24 * 60;

    /// <summary>The item that a body is about.</summary>
    public static (ItemNamespace Space, string Key) Place(BodyReader body)
    {
        if (!ItemNamespace.TryCreate(body.Texts("namespace"), out var space) || space.IsRoot)
            body.Fault("namespace", ExpectedSpace);
        var key = body.RequiredText("key");
        if (body.Has("key") && key.Length is 0)
            body.Fault("key", "a text that is not empty");
        return (space, key);
    }

    /// <summary>The item that a query string is about; there the labels have periods between them.</summary>
    /// <exception cref="ProblemException">It names none.</exception>
    public static (ItemNamespace Space, string Key) Place(HttpContext context)
    {
        var labels = $"{context.Request.Query["namespace"]}".Split('.');
        if (!ItemNamespace.TryCreate(labels, out var space))
            throw new ProblemException(Problem.Invalid(("namespace", "labels with periods between them")));
        var key = $"{context.Request.Query["key"]}";
        return key.Length > 0
            ? (space, key)
            : throw new ProblemException(Problem.Invalid(("key", "a text that is not empty")));
    }

    /// <summary>The value to put.</summary>
    public static JsonElement Value(BodyReader body)
    {
        if (!body.Has("value"))
            body.Fault("value", "an object");
        return body.Object("value");
    }

    /// <summary>How long an item lasts when nobody reads it: a number of minutes; null for ever.</summary>
    public static TimeSpan? Ttl(BodyReader body)
    {
        var ttl = body.Value("ttl");
        if (ttl.ValueKind is JsonValueKind.Undefined)
            return null;
        if (ttl.ValueKind is JsonValueKind.Number
            && ttl.TryGetDouble(out var minutes)
            && minutes is > 0 and <= MaxTtlMinutes)
        {
            return TimeSpan.FromMinutes(minutes);
        }

        body.Fault("ttl", $"a number of minutes above 0, at most {MaxTtlMinutes:F0}");
        return null;
    }

    /// <summary>Which items are looked for.</summary>
    public static ItemQuery Items(BodyReader body) => new()
    {
        Within = Within(body),
        Filter = Filter(body),
        Text = body.Text("query") is { Length: > 0 } text ? text : null,
        RefreshesTtl = !body.Has("refresh_ttl") || body.Flag("refresh_ttl"),
        Offset = body.Number("offset", defaultValue: 0, min: 0, int.MaxValue),
        Limit = body.Number("limit", defaultValue: 10, min: 1, MaxLimit),
    };

    /// <summary>Which namespaces are looked for.</summary>
    public static NamespaceQuery Namespaces(BodyReader body) => new()
    {
        Prefix = Labels(body, "prefix"),
        Suffix = Labels(body, "suffix"),
        MaxDepth = body.Has("max_depth") ? body.Number("max_depth", defaultValue: 1, min: 1, int.MaxValue) : null,
        Offset = body.Number("offset", defaultValue: 0, min: 0, int.MaxValue),
        Limit = body.Number("limit", defaultValue: 100, min: 1, MaxLimit),
    };

    private static ItemNamespace Within(BodyReader body)
    {
        if (!ItemNamespace.TryCreate(body.Texts("namespace_prefix"), out var space) || !body.Has("namespace_prefix"))
            body.Fault("namespace_prefix", ExpectedLabels);
        return space;
    }

    private static ItemFilter Filter(BodyReader body)
    {
        if (!body.Has("filter"))
            return ItemFilter.Any;
        if (ItemFilter.TryRead(body.Value("filter"), out var filter))
            return filter;

        body.Fault("filter", ItemFilter.Expected);
        return ItemFilter.Any;
    }

    private static ImmutableArray<string> Labels(BodyReader body, string field)
    {
        var labels = body.Texts(field);
        if (!ItemNamespace.TryCreate(labels, out _))
            body.Fault(field, ExpectedLabels);
        return labels;
    }
}
