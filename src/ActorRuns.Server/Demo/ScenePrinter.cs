using ActorRuns.Messages;

namespace ActorRuns.Server.Demo;

/// <summary>Prints messages as a person would want to read them: blocks with a title in the middle of a rule.</summary>
/// <param name="output">Where it is printed.</param>
internal sealed class ScenePrinter(TextWriter output)
{
    private const int Width = 80;

    /// <summary>Prints a line of its own.</summary>
    public void Line(string text) => output.WriteLine(text);

    /// <summary>Prints a message as a block.</summary>
    public void Message(Message message)
    {
        output.WriteLine(Centred($" {TitleOf(message.Type)} Message "));
        if (message.Name is { } name)
            output.WriteLine($"Name: {name}");
        if (message.Status is ToolStatus.Error)
            output.WriteLine("Status: error");
        if (message.Text.Length > 0)
        {
            output.WriteLine();
            output.WriteLine(message.Text);
        }

        if (!message.ToolCalls.IsEmpty)
            PrintCalls(message);
        output.WriteLine();
    }

    private void PrintCalls(Message message)
    {
        output.WriteLine("Tool Calls:");
        foreach (var call in message.ToolCalls)
        {
            output.WriteLine($"  {call.Name} ({call.Id})");
            output.WriteLine($" Call ID: {call.Id}");
            output.WriteLine("  Args:");
            foreach (var argument in call.Args.EnumerateObject())
                output.WriteLine($"    {argument.Name}: {argument.Value}");
        }
    }

    private static string Centred(string title) =>
        title.PadLeft((Width + title.Length) / 2, '=').PadRight(Width, '=');

    private static string TitleOf(string type) => $"{char.ToUpperInvariant(type[0])}{type[1..]}";
}
