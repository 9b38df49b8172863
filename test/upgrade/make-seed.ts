import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { gunzipSync, gzipSync } from "node:zlib";
import { jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { natsServer, postgresServer } from "@raingauge/harness";
import { Installed } from "../journeys/command.ts";

/**
 * Makes what an installation of this release leaves to the next one: node test/upgrade/make-seed.ts RELEASE. Run when a release
 * is tagged; what it makes is committed as test/upgrade/seeds/RELEASE, and every later release must take it over.
 */
const [release = ""] = process.argv.slice(2);
if (release === "") throw new Error("say for which release: node test/upgrade/make-seed.ts RELEASE");

/** Closed, and not yet over when the seed is made. */
const [CLOSED, OPEN] = ["2026-10", "2026-09"];
/** Left on the bus: as many as say something, and no more than a seed should weigh. */
const WAITING_LINES = 400;

const scratch = mkdtempSync(join(tmpdir(), "raingauge-seed-"));
const target = join(import.meta.dirname, "seeds", release);
mkdirSync(target, { recursive: true });
await using nats = await natsServer();
await using postgres = await postgresServer();
const settings = { RAINGAUGE_NATS_URL: nats.url, RAINGAUGE_LEDGER_URL: postgres.url };

await using home = new Installed(settings);
await home.up();
await home.ask("replay", recording("closed.jsonl", CLOSED));
await drained(home);
await home.type("close", CLOSED);
const invoices = await home.ask<readonly { readonly number: string; readonly total: string }[]>("invoice");
const verified = await home.ask<readonly { readonly passed: boolean }[]>("verify");
if (verified.length === 0 || !verified.every(({ passed }) => passed)) throw new Error("its own invoices do not verify");
await home.stop();

await home.type("replay", recording("waiting.jsonl", OPEN, WAITING_LINES), "--nats", nats.url);
const { streams, messages: waiting } = await busAt(nats.url);
writeFileSync(
  join(target, "samples.duckdb.gz"),
  gzipSync(readFileSync(join(home.folder, "samples.duckdb")), { level: 9 }),
);
writeFileSync(join(target, "ledger.sql.gz"), gzipSync(dump(postgres.url), { level: 9 }));
writeFileSync(join(target, "bus.json.gz"), gzipSync(JSON.stringify({ streams, messages: waiting }), { level: 9 }));

// What this release itself makes of what waits.
await home.up();
await drained(home);
const usage = await used(CLOSED);
const usageAfter = await used(OPEN);
await home.stop();

const known = {
  release,
  closed: CLOSED,
  open: OPEN,
  waiting: waiting.length,
  usage,
  usageAfter,
  invoices: invoices.map(({ number, total }) => ({ number, total })),
};
writeFileSync(join(target, "known.json.gz"), gzipSync(JSON.stringify(known), { level: 9 }));
rmSync(scratch, { recursive: true });

function recording(name: string, month: string, linesMax = Number.POSITIVE_INFINITY): string {
  const captured = gunzipSync(readFileSync(new URL("../captures/notifications.jsonl.gz", import.meta.url))).toString();
  const lines = captured.replaceAll("2026-11-2", `${month}-2`).trimEnd().split("\n").slice(0, linesMax);
  // Another month's messages are other messages.
  const own = lines.map((line) =>
    month === CLOSED ? line : line.replaceAll(/(message_id\\":\s*\\")(....)/g, "$1dead"),
  );
  const path = join(scratch, name);
  writeFileSync(path, own.join("\n"));
  return path;
}

function used(month: string) {
  return home.ask("usage", "--period", month, "--group", "project,resource");
}

async function drained(installed: Installed): Promise<void> {
  while ((await installed.counted("collector_backlog_messages")) > 0) await pause(50);
}

/** The streams as this release made them, and what waits in them. */
async function busAt(url: string) {
  const connection = await connect({ servers: url });
  const manager = await jetstreamManager(connection);
  const { config, state } = await manager.streams.info("RAINGAUGE");
  const rejects = await manager.streams.info("RAINGAUGE_REJECTED");
  const messages = [];
  for (let seq = state.first_seq; seq <= state.last_seq; seq += 1) {
    const message = await manager.streams.getMessage("RAINGAUGE", { seq });
    if (message === null) continue;
    const headers = [...(message.header?.keys() ?? [])].map((key) => [key, message.header?.get(key)]);
    messages.push({ subject: message.subject, headers, data: Buffer.from(message.data).toString("base64") });
  }
  await connection.close();
  return { streams: [config, rejects.config], messages };
}

function dump(url: string): Buffer {
  return execFileSync("pg_dump", ["--no-owner", "--no-privileges", "--inserts", url], { maxBuffer: 2 ** 28 });
}
