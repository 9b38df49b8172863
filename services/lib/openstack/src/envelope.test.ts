import { describe, expect, it } from "vitest";
import { NOTIFICATION_BYTES_MAX, openEnvelope } from "./envelope.ts";

const said = {
  message_id: "19be2ce3-481e-4a38-84ee-0e10ebbdc1e3",
  publisher_id: "compute.compute-01",
  event_type: "compute.instance.create.end",
  priority: "INFO",
  timestamp: "2026-11-23 00:36:09.838069",
  _context_request_id: "req-1",
  _context_project_id: "acme",
  _context_user_id: "alice",
  payload: { instance_id: "box" },
};
const enveloped = { "oslo.version": "2.0", "oslo.message": JSON.stringify(said) };

describe("openEnvelope", () => {
  it("reads what was said, by whom and when, to the microsecond", () => {
    expect(openEnvelope(JSON.stringify(enveloped))).toEqual({
      messageId: said.message_id,
      type: said.event_type,
      publisher: "compute.compute-01",
      priority: "info",
      microseconds: Date.UTC(2026, 10, 23, 0, 36, 9) * 1_000 + 838_069,
      requestId: "req-1",
      actor: { project: "acme", user: "alice" },
      payload: { instance_id: "box" },
    });
  });

  it.each([
    ["the second version, as bytes", Buffer.from(JSON.stringify(enveloped))],
    ["the second version, parsed by the driver", enveloped],
    ["the second version with an object inside", { ...enveloped, "oslo.message": said }],
    ["the first version, which is no envelope", JSON.stringify(said)],
    ["the first version, parsed by the driver", said],
  ])("takes %s", (_, body) => {
    expect(openEnvelope(body)).toEqual(openEnvelope(JSON.stringify(enveloped)));
  });

  it("does without the context, which recent oslo strips", () => {
    const { _context_request_id, _context_project_id, _context_user_id, ...bare } = said;

    expect(openEnvelope(bare)).toMatchObject({ actor: {} });
    expect(openEnvelope(bare)).not.toHaveProperty("requestId");
  });

  it.each([
    ["nothing", "", "not_json"],
    ["no JSON", "{", "not_json"],
    ["a NaN, which Python writes and JSON does not know", '{"payload": NaN}', "not_json"],
    ["bytes that are no UTF-8", Buffer.from([0x7b, 0xff, 0x7d]), "not_json"],
    ["a list", "[]", "envelope_unknown"],
    ["an envelope of a version to come", { ...enveloped, "oslo.version": "3.0" }, "envelope_unknown"],
    ["an envelope with nothing inside", { "oslo.version": "2.0" }, "envelope_unknown"],
    ["an envelope with broken JSON inside", { ...enveloped, "oslo.message": "{" }, "not_json"],
    ["no message id", { ...said, message_id: undefined }, "field_missing"],
    ["no event type", { ...said, event_type: "" }, "field_missing"],
    ["a number for an event type", { ...said, event_type: 7 }, "field_missing"],
    ["no payload", { ...said, payload: undefined }, "payload_missing"],
    ["a text for a payload", { ...said, payload: "…" }, "payload_missing"],
    ["no time", { ...said, timestamp: undefined }, "field_missing"],
    ["a time that is none", { ...said, timestamp: "yesterday" }, "timestamp_unreadable"],
    ["a time of another zone", { ...said, timestamp: "2026-11-23 00:36:09+02:00" }, "timestamp_unreadable"],
    ["more than a notification ever is", "x".repeat(NOTIFICATION_BYTES_MAX + 1), "too_large"],
  ])("refuses %s", (_, body, code) => {
    expect(() => openEnvelope(body)).toThrow(expect.objectContaining({ name: "EnvelopeError", code }));
  });
});
