namespace ActorRuns.Models.Http;

/// <summary>The body of an answer that is given up when it is silent for too long.</summary>
internal static class GuardedContent
{
    public static async Task<HttpContent> OfAsync(
        HttpContent content, TimeSpan silence, TimeProvider time, CancellationToken cancellationToken)
    {
        var guarded = new StreamContent(
            new GuardedStream(await content.ReadAsStreamAsync(cancellationToken), silence, time));
        foreach (var (name, values) in content.Headers)
            guarded.Headers.TryAddWithoutValidation(name, values);
        return guarded;
    }

    private sealed class GuardedStream(Stream inner, TimeSpan silence, TimeProvider time) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            using var late = new CancellationTokenSource(silence, time);
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
            try
            {
                return await inner.ReadAsync(buffer, ending.Token);
            }
            catch (OperationCanceledException) when (
                late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                throw new ModelException(ModelFailure.TimedOut, $"The answer stopped coming for {silence}.");
            }
        }

        public override Task<int> ReadAsync(
            byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override async ValueTask DisposeAsync()
        {
            await inner.DisposeAsync();
            await base.DisposeAsync();
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
