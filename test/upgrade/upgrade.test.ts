import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { at } from "@raingauge/domain";
import { available, natsServer, postgresServer } from "@raingauge/harness";
import { lookAtLedger } from "@raingauge/ledger/look";
import { postgresLedger } from "@raingauge/ledger/postgres";
import pg from "pg";
import { describe, expect, it } from "vitest";
import { Installed } from "../journeys/command.ts";
import { seeds } from "./seed.ts";

/** Only ends what hangs. */
const PATIENCE = 120_000;

const lacking = (await Promise.all((["nats-server", "postgresql"] as const).map(available))).flatMap((each) =>
  each.ok ? [] : [each.reason],
);

describe.skipIf(lacking.length > 0).each(seeds())(
  `what $release left${lacking.length > 0 ? ` (skipped: ${lacking.join("; ")})` : ""}`,
  ({ known, pour }) => {
    it("is taken over whole: usage, invoices and their proof, and the messages that were on the bus", {
      timeout: PATIENCE,
    }, async () => {
      await using nats = await natsServer();
      await using postgres = await postgresServer();
      await using home = new Installed({ RAINGAUGE_NATS_URL: nats.url, RAINGAUGE_LEDGER_URL: postgres.url });
      mkdirSync(home.folder, { recursive: true, mode: 0o700 });
      pour.store(join(home.folder, "samples.duckdb"));
      await Promise.all([pour.ledger(postgres.url), pour.bus(nats.url)]);

      await home.up();
      while ((await home.counted("collector_backlog_messages")) > 0) await pause(50);
      const used = await usageOf(home, known);
      const invoices = await home.ask<{ number: string; total: string }[]>("invoice");
      const verified = await home.ask<{ passed: boolean }[]>("verify");

      // What was closed meanwhile by its own schedule comes after them.
      expect(invoices.slice(0, known.invoices.length)).toMatchObject(
        known.invoices.map(({ number, total }) => ({ number, total })),
      );
      expect(used).toEqual({ usage: known.usage, usageAfter: known.usageAfter });
      expect(verified.map(({ passed }) => passed)).toEqual(invoices.map(() => true));
      expect(await home.counted("collector_messages_rejected_total")).toBe(0);
      expect(await home.counted("collector_messages_settled_total")).toBe(known.waiting);
    });

    it("has its tables brought forward by several at once, while whoever reads and writes goes on", {
      timeout: PATIENCE,
    }, async () => {
      await using postgres = await postgresServer();
      await pour.ledger(postgres.url);
      const before = await lookAtLedger(postgres.url);
      await using old = await theOldOne(postgres.url);

      const opened = await Promise.all([1, 2, 3].map(() => postgresLedger({ url: postgres.url, clock: () => at(0) })));
      for (const ledger of opened) await ledger[Symbol.asyncDispose]();

      expect(before.unknown).toEqual([]);
      expect(await lookAtLedger(postgres.url)).toMatchObject({ pending: [], unknown: [] });
      expect(await old.stop()).toEqual({ failed: [], invoices: known.invoices.length });
    });
  },
);

async function usageOf(home: Installed, { closed, open }: { readonly closed: string; readonly open: string }) {
  const usage = (month: string) => home.ask<unknown[]>("usage", "--period", month, "--group", "project,resource");
  return { usage: await usage(closed), usageAfter: await usage(open) };
}

/** A process of the release before, as far as its ledger goes: it reads invoices and writes its lease without end. */
async function theOldOne(url: string) {
  const client = new pg.Client(url);
  await client.connect();
  const stopped = new AbortController();
  const failed: string[] = [];
  let invoices = 0;
  const running = (async () => {
    while (!stopped.signal.aborted) {
      try {
        const { rows } = await client.query("select number from invoices");
        invoices = rows.length;
        await client.query(LEASE);
      } catch (error) {
        failed.push(String(error));
      }
    }
  })();
  const stop = async () => {
    stopped.abort();
    await running;
    return { failed, invoices };
  };
  return {
    stop,
    async [Symbol.asyncDispose]() {
      await stop();
      await client.end();
    },
  };
}

const LEASE = `insert into leases (name, holder, expires_at) values ('closing', 'the old one', now())
  on conflict (name) do update set expires_at = excluded.expires_at`;
