import { natsExecutable, rabbitExecutable } from "@raingauge/servers";
import { describe } from "vitest";
import { chdbFolder } from "./clickhouse.ts";
import { dockerAnswers } from "./container.ts";
import { influxExecutable } from "./influx.ts";
import { postgresExecutable } from "./postgres.ts";
import { promtoolExecutable } from "./prometheus.ts";

/** By the name of the Debian package that brings it; `chdb` is ClickHouse's engine, which npm brings. */
export type ServerName = "nats-server" | "rabbitmq-server" | "postgresql" | "influxdb" | "prometheus" | "chdb";

export type Availability = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/** Whether a suite that needs this server can run here, and if not, why. */
export const available = async (name: ServerName): Promise<Availability> => {
  if (EXECUTABLES[name]() !== undefined) return { ok: true };
  if (name === "prometheus") return { ok: false, reason: "no promtool here: apt-get install prometheus" };
  if (await dockerAnswers()) return { ok: true };
  if (name === "chdb") return { ok: false, reason: `no chdb here: ${CHDB_INSTALL}, or run Docker` };
  return { ok: false, reason: `no ${name} here: apt-get install ${name}, or run Docker` };
};

/** `describe` for a suite that needs real servers; where one is missing it is skipped under a title that says why. */
export const describeWith = async (
  needed: ServerName | readonly ServerName[],
  title: string,
  body: () => void,
): Promise<void> => {
  const found = await Promise.all([needed].flat().map(available));
  const absent = found.find(({ ok }) => !ok);
  if (absent?.ok === false) describe.skip(`${title} (skipped: ${absent.reason})`, body);
  else describe(title, body);
};

const EXECUTABLES: Readonly<Record<ServerName, () => string | undefined>> = {
  "nats-server": natsExecutable,
  "rabbitmq-server": rabbitExecutable,
  postgresql: postgresExecutable,
  influxdb: influxExecutable,
  prometheus: promtoolExecutable,
  chdb: chdbFolder,
};

const CHDB_INSTALL = "npm install --no-save --prefix test/harness/chdb";
