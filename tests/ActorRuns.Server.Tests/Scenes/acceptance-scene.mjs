// The scene that the server exists for, through the official client: a question, another one that interrupts it, and
// what is left of both.   node acceptance-scene.mjs SERVER MOMENT
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "@langchain/langgraph-sdk";

const TOOL = "tavily_search_results_json";
const LONG = 60_000;
const [apiUrl, moment] = process.argv.slice(2);
const client = new Client({ apiUrl, apiKey: null, callerOptions: { maxRetries: 0 } });

/** When the second question comes, and what the first one has left by then. */
const MOMENTS = {
  "two seconds later": {
    delays: { tool_delay_ms: LONG },
    comes: (thread) => sleep(2000).then(() => nextIs(thread, "tools")), // A busy machine may not have got there yet.
    leaves: ["human: SF", "calls for san francisco", "tool (error)"],
  },
  "in its model call": {
    delays: { model_delay_ms: LONG },
    comes: (thread) => nextIs(thread, "agent"),
    leaves: ["human: SF"],
  },
  "in its tool call": {
    delays: { model_delay_ms: 0, tool_delay_ms: LONG },
    comes: (thread) => nextIs(thread, "tools"),
    leaves: ["human: SF", "calls for san francisco", "tool (error)"],
  },
  "in its second model call": {
    delays: { model_delay_ms: 0, tool_delay_ms: 0, token_delay_ms: LONG },
    comes: (thread) => nextIs(thread, "agent", 3),
    leaves: ["human: SF", "calls for san francisco", "tool (success)"],
  },
};

const question = (city) => ({ input: { messages: [{ role: "human", content: `What's the weather in ${city}?` }] } });

async function nextIs(thread, node, messages = 1) {
  const end = Date.now() + 30_000;
  for (;;) {
    const state = await client.threads.getState(thread);
    if (state.next[0] === node && state.values.messages.length >= messages) return;
    assert.ok(Date.now() < end, `${node} is not next within 30 s, but ${state.next}`);
    await sleep(20);
  }
}

/** What every provider of models wants: each call is answered once, before anyone else speaks, and nothing else is. */
function assertValidForProviders(messages) {
  const open = new Set();
  const seen = new Set();
  for (const message of messages) {
    assert.ok(message.id && !seen.has(message.id), `message id ${message.id} is missing or there twice`);
    seen.add(message.id);
    if (message.type === "tool") {
      assert.ok(open.delete(message.tool_call_id), `nothing open is answered by ${message.tool_call_id}`);
    } else {
      assert.equal(open.size, 0, `${message.type} comes while calls are open: ${[...open]}`);
    }
    for (const call of message.tool_calls ?? []) open.add(call.id);
  }
  assert.equal(open.size, 0, `calls without a result: ${[...open]}`);
}

function words(message) {
  if (message.type === "human") return `human: ${/weather in (.+)\?/.exec(message.content)[1]}`;
  if (message.type === "tool") return `tool (${message.status})`;
  if (!message.tool_calls?.length) return `ai: ${message.content}`;
  const [{ name, args }] = message.tool_calls;
  assert.equal(name, TOOL);
  return `calls for ${args.query.replace("weather in ", "")}`;
}

const { delays, comes, leaves } = MOMENTS[moment];
const { thread_id: thread } = await client.threads.create();
const first = await client.runs.create(thread, "agent", { ...question("SF"), config: { configurable: delays ?? {} } });
await comes(thread);
const second = await client.runs.create(thread, "agent", { ...question("NYC"), multitaskStrategy: "interrupt" });
const joined = await client.runs.join(thread, second.run_id);

const state = await client.threads.getState(thread);
assertValidForProviders(state.values.messages);
assert.deepEqual(state.values.messages.slice(0, -1).map(words), [
  ...leaves, "human: NYC", "calls for new york city", "tool (success)",
]);
assert.match(words(state.values.messages.at(-1)), /^ai: The weather in new york city is sunny/);
assert.deepEqual(joined, state.values);
assert.deepEqual(state.next, []);
assert.equal((await client.runs.get(thread, first.run_id)).status, "interrupted");
assert.equal((await client.runs.get(thread, second.run_id)).status, "success");
