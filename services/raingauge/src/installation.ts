import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Bus } from "@raingauge/bus";
import { type JetStreamOptions, jetStreamBus } from "@raingauge/bus/jetstream";
import { at, type Instant } from "@raingauge/domain";
import type { Ledger } from "@raingauge/ledger";
import { embeddedLedger } from "@raingauge/ledger/embedded";
import { postgresLedger } from "@raingauge/ledger/postgres";
import { startNats } from "@raingauge/servers";
import type { SampleStore } from "@raingauge/store";
import { duckdbUrl, openStore } from "@raingauge/store/open";

/** A whole Raingauge on one machine: what its processes share. */
export interface Installation extends AsyncDisposable {
  readonly folder: string;
  readonly natsUrl: string;
  readonly bus: Bus;
  readonly store: SampleStore;
  readonly ledger: Ledger;
  readonly clock: () => Instant;
}

/** A nats-server that somebody else runs, and how we show who we are. */
export type NatsServer = Pick<JetStreamOptions, "url" | "credentials" | "caFile">;

export interface InstallationOptions {
  /** Belongs to this process alone; made if it is not there. */
  readonly folder: string;
  /** A nats-server that runs already; one of our own where absent. */
  readonly nats?: NatsServer | undefined;
  /** A PostgreSQL that runs already; one of our own where absent. */
  readonly ledgerUrl?: string | undefined;
  /** Where readings rest; a DuckDB file in the folder where absent. */
  readonly storeUrl?: URL | undefined;
  readonly storeToken?: string | undefined;
}

/** Nobody shares the work of one machine: whoever is silent for so long has died, and what it had in hand should not wait. */
const ACK_WAIT_MS = 10_000;

/**
 * Opens store, ledger and bus, starting what nobody named. Whatever was opened is closed again, in reverse, if a part fails.
 * Store and ledger come first, because their files know whether somebody else has the folder: two nats-servers in one would
 * not.
 */
export async function openInstallation({
  folder,
  nats,
  ledgerUrl,
  storeUrl = duckdbUrl(join(folder, "samples.duckdb")),
  storeToken: token,
}: InstallationOptions): Promise<Installation> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const clock = (): Instant => at(Date.now());
  await using opening = new AsyncDisposableStack();
  const store = opening.use(await openStore(storeUrl, { token, clock }));
  const ledger = opening.use(
    ledgerUrl === undefined
      ? await embeddedLedger({ folder: join(folder, "ledger"), clock })
      : await postgresLedger({ url: ledgerUrl, clock }),
  );
  const server = nats ?? { url: opening.use(await startNats(join(folder, "nats"))).url };
  const bus = opening.use(await jetStreamBus({ ...server, ackWaitMs: ACK_WAIT_MS }));
  const opened = opening.move();
  return { folder, natsUrl: server.url, bus, store, ledger, clock, [Symbol.asyncDispose]: () => opened.disposeAsync() };
}
