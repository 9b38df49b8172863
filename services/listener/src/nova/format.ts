import type { Instant } from "@raingauge/domain";
import type { Notification, Payload } from "@raingauge/openstack";
import { object, second, text } from "../fields.ts";
import { legacyServer } from "./legacy.ts";
import type { Server } from "./server.ts";
import { unwrapped, versionedServer } from "./versioned.ts";

/** How one of Nova's two formats is read. */
export interface Format {
  readonly prefix: string;
  readonly server: (notification: Notification) => Server;
  /** When it was asked for. */
  readonly createdAt: (notification: Notification) => Instant | undefined;
  /** Where `exists` keeps its audit period. */
  readonly audit: (payload: Payload) => Payload;
  /** Where `update` keeps the state before. */
  readonly stateBefore: (payload: Payload) => string | undefined;
}

export const LEGACY: Format = {
  prefix: "compute.instance.",
  server: ({ payload }) => legacyServer(payload),
  createdAt: ({ payload }) => second(payload, "created_at"),
  audit: (payload) => payload,
  stateBefore: (payload) => text(payload, "old_state"),
};

export const VERSIONED: Format = {
  prefix: "instance.",
  server: ({ payload }) => versionedServer(payload),
  createdAt: ({ payload }) => second(unwrapped(payload), "created_at"),
  audit: (payload) => unwrapped(object(unwrapped(payload), "audit_period")),
  stateBefore: (payload) => text(unwrapped(object(unwrapped(payload), "state_update")), "old_state"),
};
