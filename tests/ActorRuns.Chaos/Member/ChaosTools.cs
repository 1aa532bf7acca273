using ActorRuns.Agents;
using Microsoft.Extensions.AI;

namespace ActorRuns.Chaos.Member;

/// <summary>Tools that take their time: one looks, one may be done again, one must be done at most once.</summary>
internal sealed class ChaosTools(Ledger ledger, Chance chance)
{
    /// <summary>Only looks.</summary>
    public const string Look = "look";

    /// <summary>Writes a note; written again under the same key it is the same note.</summary>
    public const string Note = "note";

    /// <summary>Pays: never twice.</summary>
    public const string Pay = "pay";

    /// <summary>The tools, each under its contract.</summary>
    public IReadOnlyList<AITool> All =>
    [
        Tool(Look, ToolEffect.None, writes: false),
        Tool(Note, ToolEffect.Idempotent, writes: true),
        Tool(Pay, ToolEffect.AtMostOnce, writes: true),
    ];

    private AIFunction Tool(string name, ToolEffect effect, bool writes) => AIFunctionFactory
        .Create(
            (AIFunctionArguments arguments, CancellationToken cancellationToken) =>
                DoAsync(name, writes, ToolContext.Of(arguments), cancellationToken),
            name,
            $"Does {name}.")
        .With(new ToolContract { Effect = effect });

    private async Task<string> DoAsync(string name, bool writes, ToolContext call, CancellationToken cancellationToken)
    {
        await Task.Delay(Patience(), TimeProvider.System, cancellationToken);
        if (writes)
        {
            // An interrupt may come between the token's check and this write: what is done is done, and stays.
            var row = new LedgerRow(name, call.IdempotencyKey, call.ThreadId.ToString(), call.Attempt);
            await ledger.WriteAsync(row, CancellationToken.None);
        }

        await Task.Delay(Patience(), TimeProvider.System, cancellationToken);
        return $"{name} is done";
    }

    private TimeSpan Patience() => chance.Milliseconds(0, 300);
}
