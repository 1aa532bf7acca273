// A chat in one file. Write a second message while the agent still answers the first, and choose what becomes of that.
using ActorRuns.Hosting;
using ActorRuns.Samples;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddActorRuns(options => options
    .UseSqlite(builder.Configuration["data"] ?? "data")
    .AddChatAgent("agent", _ => new SlowModel(TimeSpan.FromMilliseconds(300))));

var app = builder.Build();
app.MapGet("/", () => Results.Content(Page.Html, "text/html; charset=utf-8"));
app.MapActorRuns("/api"); // For others than yourself: .RequireAuthorization()
await app.RunAsync();

/// <summary>The page: it talks to the API under <c>/api</c> as the official SDKs do.</summary>
internal static class Page
{
    public const string Html = """
        <!doctype html>
        <html lang="en">
        <meta charset="utf-8">
        <title>Double texting</title>
        <style>
          body { font: 16px/1.5 system-ui; max-width: 42rem; margin: 2rem auto; padding: 0 1rem }
          #log { min-height: 12rem }
          .human { text-align: right; color: #14507a }
          .cut { opacity: .5 }
          .cut::after { content: " (interrupted)"; font-size: .8em }
          form { display: flex; gap: .5rem }
          input { flex: 1 }
          input, select, button { font: inherit; padding: .3rem .5rem }
        </style>
        <h1>Double texting</h1>
        <div id="log" aria-live="polite"></div>
        <p id="note"></p>
        <form>
          <input name="text" autocomplete="off" autofocus placeholder="Write, and then write again">
          <select name="strategy">
            <option>interrupt</option><option>enqueue</option><option>rollback</option><option>reject</option>
          </select>
          <button>Send</button>
        </form>
        <script>
          const [form, log, note] = ["form", "#log", "#note"].map((what) => document.querySelector(what));
          const send = (path, body) => fetch(`/api${path}`, {
            method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
          });
          const thread = send("/threads", {}).then((answer) => answer.json()).then((made) => made.thread_id);

          function show(messages) {
            log.replaceChildren(...messages.map((message) => {
              const line = document.createElement("p");
              line.className = message.type;
              if (message.response_metadata?.finish_reason === "interrupted") line.classList.add("cut");
              line.textContent = message.content;
              return line;
            }));
          }

          form.addEventListener("submit", async (event) => {
            event.preventDefault();
            const text = form.text.value.trim();
            if (!text) return;
            form.text.value = note.textContent = "";
            const answer = await send(`/threads/${await thread}/runs/stream`, {
              assistant_id: "agent",
              input: { messages: [{ role: "human", content: text }] },
              multitask_strategy: form.strategy.value,
              stream_mode: ["values", "messages"],
            });
            if (!answer.ok) {
              note.textContent = (await answer.json()).detail;
              return;
            }

            let known = [];
            let name = "";
            let rest = "";
            for await (const piece of answer.body.pipeThrough(new TextDecoderStream())) {
              const lines = (rest + piece).split("\n");
              rest = lines.pop();
              for (const line of lines) {
                if (line.startsWith("event: ")) name = line.slice(7);
                if (!line.startsWith("data: ")) continue;
                const told = JSON.parse(line.slice(6));
                if (name === "values") show(known = told.messages ?? []);
                if (name === "messages/partial") show([...known.filter((one) => one.id !== told[0].id), ...told]);
              }
            }

            const state = await (await fetch(`/api/threads/${await thread}/state`)).json();
            if (!state.next.length) show(state.values.messages ?? []);
          });
        </script>
        </html>
        """;
}
