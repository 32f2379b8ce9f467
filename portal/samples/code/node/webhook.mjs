// Behind your webhook URL: the signature is checked over the bytes as they came, before anything reads them.
import { createHmac, timingSafeEqual } from "node:crypto";
import { WEBHOOK_SECRET } from "./settings.mjs";

// Answer 498, and do nothing else.
export class InvalidSignature extends Error {}

// `body` is a Buffer (express.raw({ type: "application/json" })), `signature` the header Webhook-Signature.
// Answer 204 once the events are stored. They may come twice and in any order: remember their ids, and read the resource anew before you act.
export function events(body, signature) {
  const expected = Buffer.from(createHmac("sha256", WEBHOOK_SECRET).update(body).digest("hex"));
  const given = Buffer.from(signature ?? "");
  if (given.length !== expected.length || !timingSafeEqual(expected, given)) throw new InvalidSignature();
  return JSON.parse(body.toString("utf8")).events;
}
