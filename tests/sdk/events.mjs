// Reads CloudEvents, one a line, with the JavaScript SDK, as strictly as it can; tells of each what it has understood.

import { createInterface } from "node:readline";
import { HTTP } from "cloudevents";

for await (const body of createInterface({ input: process.stdin })) {
  const event = HTTP.toEvent({ headers: { "content-type": "application/cloudevents+json" }, body });
  event.validate();
  const { id, type, source, subject, dataschema, position, aggregatesequence, data } = event;
  const micros = Date.parse(event.time) * 1000;
  console.log(JSON.stringify({ id, type, source, subject, dataschema, micros, position, aggregatesequence, data }));
}
