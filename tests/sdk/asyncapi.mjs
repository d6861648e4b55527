// Reads an AsyncAPI document with the public parser; tells what it found, and every complaint.

import { text } from "node:stream/consumers";
import { Parser } from "@asyncapi/parser";

const { document, diagnostics } = await new Parser().parse(await text(process.stdin));
const complaints = diagnostics.map(({ code, message, path, severity }) => ({ code, message, path: path.join("."), severity }));
const messages = document ? document.channels().all().flatMap((channel) => channel.messages().all()) : [];
const told = {
  version: document?.version(),
  messages: messages.map((message) => message.name()),
  channels: document?.channels().all().map((channel) => channel.address()),
  complaints,
};
console.log(JSON.stringify(told));
