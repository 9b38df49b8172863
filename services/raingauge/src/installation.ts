import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Bus } from "@raingauge/bus";
import { jetStreamBus } from "@raingauge/bus/jetstream";
import { at, type Instant } from "@raingauge/domain";
import type { Ledger } from "@raingauge/ledger";
import { embeddedLedger } from "@raingauge/ledger/embedded";
import { postgresLedger } from "@raingauge/ledger/postgres";
import { startNats } from "@raingauge/servers";
import type { SampleStore } from "@raingauge/store";
import { duckdbStore } from "@raingauge/store/duckdb";

/** A whole Raingauge on one machine: what its processes share. */
export interface Installation extends AsyncDisposable {
  readonly folder: string;
  readonly natsUrl: string;
  readonly bus: Bus;
  readonly store: SampleStore;
  readonly ledger: Ledger;
  readonly clock: () => Instant;
}

export interface InstallationOptions {
  /** Belongs to this process alone; made if it is not there. */
  readonly folder: string;
  /** A nats-server that runs already; one of our own where absent. */
  readonly natsUrl?: string | undefined;
  /** A PostgreSQL that runs already; one of our own where absent. */
  readonly ledgerUrl?: string | undefined;
}

/**
 * Opens store, ledger and bus, starting what nobody named. Whatever was opened is closed again, in reverse, if a part fails.
 * The store comes first, because its file knows whether somebody else has the folder: two nats-servers in one would not.
 */
export async function openInstallation({ folder, natsUrl, ledgerUrl }: InstallationOptions): Promise<Installation> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const clock = (): Instant => at(Date.now());
  await using opening = new AsyncDisposableStack();
  const store = opening.use(await duckdbStore({ path: join(folder, "samples.duckdb"), clock }));
  const ledger = opening.use(
    ledgerUrl === undefined
      ? await embeddedLedger({ folder: join(folder, "ledger"), clock })
      : await postgresLedger({ url: ledgerUrl, clock }),
  );
  const url = natsUrl ?? opening.use(await startNats(join(folder, "nats"))).url;
  const bus = opening.use(await jetStreamBus({ url }));
  const opened = opening.move();
  return { folder, natsUrl: url, bus, store, ledger, clock, [Symbol.asyncDispose]: () => opened.disposeAsync() };
}
