using Microsoft.AspNetCore.Http;

namespace ActorRuns.AspNetCore.Cluster;

/// <summary>Keeps the body of a request, so that it can be read more than once.</summary>
internal static class BodyBuffer
{
    /// <summary>Reads a body; null when it is larger than allowed, which whoever reads it then will find out.</summary>
    public static async Task<byte[]?> TryTakeAsync(HttpContext context, int maxBytes)
    {
        var request = context.Request;
        if (request.ContentLength is 0 || HttpMethods.IsGet(request.Method))
            return [];
        if (request.ContentLength > maxBytes)
            return null;

        using var body = new MemoryStream();
        var chunk = new byte[16 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(chunk, context.RequestAborted)) > 0)
        {
            body.Write(chunk, 0, read);
            if (body.Length <= maxBytes)
                continue;

            request.Body = new MemoryStream(body.ToArray()); // More than is allowed: enough to be refused.
            return null;
        }

        var bytes = body.ToArray();
        Rewind(context, bytes);
        return bytes;
    }

    /// <summary>Lets the body be read again from its beginning.</summary>
    public static void Rewind(HttpContext context, byte[] body)
    {
        if (body.Length > 0)
            context.Request.Body = new MemoryStream(body, writable: false);
    }
}
