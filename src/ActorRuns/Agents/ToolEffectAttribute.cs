namespace ActorRuns.Agents;

/// <summary>Declares on the method of a tool what <see cref="ToolContract"/> says of it.</summary>
/// <param name="effect">What it does to the world.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ToolEffectAttribute(ToolEffect effect) : Attribute
{
    /// <summary>What it does to the world.</summary>
    public ToolEffect Effect { get; } = effect;

    /// <summary>Seconds after which a call is told to end and the model that it failed; zero for no limit.</summary>
    public double DeadlineSeconds { get; init; }
}
