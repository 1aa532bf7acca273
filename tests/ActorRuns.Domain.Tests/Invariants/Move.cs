namespace ActorRuns.Domain.Tests.Invariants;

/// <summary>What can happen to a thread.</summary>
internal enum MoveKind
{
    Submit,
    SubmitAgain,
    Cancel,
    Undo,
    Edit,
    DeleteRun,
    DeleteThread,
    EditRun,
    Reorder,
    Promote,
    ModelCalls,
    ModelCallsAndPauses,
    ModelStreams,
    ModelAnswers,
    ToolAnswers,
    ToolsEnd,
    NodeFinishes,
    Asks,
    Fails,
    LateWord,
    TakeOver,
    TimePasses,
    Crash,
}

/// <summary>
/// One thing that happens. It says nothing of the thread it happens to, so that a sequence from which some moves were
/// dropped is a sequence still.
/// </summary>
/// <param name="Kind">What happens.</param>
/// <param name="Dice">Decides the details.</param>
/// <param name="IsLost">True when the process dies before what is decided becomes durable.</param>
internal sealed record Move(MoveKind Kind, int Dice, bool IsLost)
{
    private static readonly MoveKind[] Kinds =
    [
        // As often as they are listed: mostly messages and steps, so that threads are busy and runs come to an end.
        MoveKind.Submit, MoveKind.Submit, MoveKind.Submit, MoveKind.Submit,
        MoveKind.ModelCalls, MoveKind.ModelCalls, MoveKind.ToolAnswers, MoveKind.ToolsEnd, MoveKind.ModelAnswers,
        MoveKind.TimePasses, MoveKind.Edit, .. Enum.GetValues<MoveKind>(),
    ];

    public static Move Random(Random random)
    {
        var kind = Kinds[random.Next(Kinds.Length)];
        return new Move(kind, random.Next(1 << 16), IsLost: random.Next(25) is 0 && kind is not MoveKind.Crash);
    }
}

/// <summary>What a run is sent for.</summary>
internal enum Errand
{
    Say,
    GoOn,
    AnswerAll,
    AnswerOne,
    Update,
    GoToTools,
    GoToEnd,
}
