// Tells each test's outcome as one line of JSON, and at last that nothing is missing.
export default async function* report(events) {
  for await (const { type, data } of events) {
    if ((type === "test:pass" || type === "test:fail") && data.details.type !== "suite") {
      const error = data.details.error;
      yield `${JSON.stringify({
        name: data.name,
        passed: type === "test:pass",
        message: error && String((error.cause ?? error).stack ?? error),
      })}\n`;
    }
  }
  yield `${JSON.stringify({ complete: true })}\n`;
}
