using ActorRuns.AspNetCore.Requests;
using ActorRuns.AspNetCore.Wire;
using ActorRuns.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ActorRuns.AspNetCore.Endpoints;

/// <summary>The values that agents and callers share outside of threads.</summary>
/// <param name="items">The store.</param>
internal sealed class StoreEndpoints(IItemStore items)
{
    /// <summary>Maps the routes.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPut("/store/items", PutAsync);
        routes.MapGet("/store/items", GetAsync);
        routes.MapDelete("/store/items", DeleteAsync);
        routes.MapPost("/store/items/search", SearchAsync);
        routes.MapPost("/store/namespaces", ListNamespacesAsync);
    }

    private async Task PutAsync(HttpContext context)
    {
        var body = await BodyReader.ReadAsync(context);
        var (space, key) = StoreReader.Place(body);
        var value = StoreReader.Value(body);
        var ttl = StoreReader.Ttl(body);
        body.ThrowIfFaulty();
        await items.PutAsync(space, key, value, ttl, context.RequestAborted);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private async Task GetAsync(HttpContext context)
    {
        var (space, key) = StoreReader.Place(context);
        var refreshes = !context.Request.Query.ContainsKey("refresh_ttl") || PathReader.Flag(context, "refresh_ttl");
        var item = await items.GetAsync(space, key, refreshes, context.RequestAborted);
        await Answers.WriteJsonAsync(context, writer =>
        {
            if (item is null)
                writer.WriteNullValue(); // Clients ask for what may not be there: no error.
            else
                StoreJson.Write(writer, item);
        });
    }

    private async Task DeleteAsync(HttpContext context)
    {
        var body = await BodyReader.ReadAsync(context);
        var (space, key) = StoreReader.Place(body);
        body.ThrowIfFaulty();
        await items.DeleteAsync(space, key, context.RequestAborted);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private async Task SearchAsync(HttpContext context)
    {
        var body = await BodyReader.ReadAsync(context);
        var query = StoreReader.Items(body);
        body.ThrowIfFaulty();
        var found = await items.SearchAsync(query, context.RequestAborted);
        await Answers.WriteJsonAsync(context, writer => StoreJson.WriteItems(writer, found));
    }

    private async Task ListNamespacesAsync(HttpContext context)
    {
        var body = await BodyReader.ReadAsync(context);
        var query = StoreReader.Namespaces(body);
        body.ThrowIfFaulty();
        var found = await items.ListNamespacesAsync(query, context.RequestAborted);
        await Answers.WriteJsonAsync(context, writer => StoreJson.WriteNamespaces(writer, found));
    }
}
