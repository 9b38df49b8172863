import { jetStreamBus } from "@raingauge/bus/jetstream";
import { at } from "@raingauge/domain";
import { postgresLedger } from "@raingauge/ledger/postgres";
import { busOptions, processMetrics, run } from "@raingauge/runtime";
import { openStore } from "@raingauge/store/open";
import { mailer } from "./budgets/mail.ts";
import { budgetsOnSchedule } from "./budgets/on-schedule.ts";
import { closeOnSchedule } from "./closer.ts";
import { config } from "./config.ts";
import { openIdentity } from "./identity/open.ts";
import { raterMetrics } from "./metrics.ts";
import { raterReady } from "./ready.ts";
import { server } from "./server.ts";
import { signOn } from "./single-sign-on/sign-on.ts";

/**
 * The rater as a process of its own, beside a collector that writes to the same InfluxDB. A DuckDB file belongs to one
 * process, so it serves both only in `raingauge up`, which has them in one.
 */
await run("rater", config, async ({ zone, book, listenHost, listenPort, ...settings }, { log, signal }) => {
  const clock = () => at(Date.now());
  await using store = await openStore(settings.storeUrl, { token: settings.storeToken?.reveal(), clock });
  await using ledger = await postgresLedger({ url: settings.ledgerUrl.href, clock });
  await using bus = await jetStreamBus({ ...busOptions(settings), name: "raingauge-rater" });
  await using identity = openIdentity(settings, { ledger, log, signal });
  const { smtpUrl, mailFrom } = settings;
  using mail = smtpUrl && mailer({ url: smtpUrl.href, from: mailFrom });
  const metrics = raterMetrics();
  const app = await server({
    store,
    ledger,
    identity,
    signOn: settings.signOn && signOn(settings.signOn, { log, clock }),
    requestsPerMinute: settings.requestsPerMinute,
    queryLimits: settings,
    rules: settings,
    bus,
    book,
    metricsFile: settings.metricsFile,
    chart: settings.chart,
    outside: { region: settings.region, rules: settings.outsideRules },
    log,
    metrics,
    calendar: { zone, clock },
    exposed: [processMetrics("rater")],
    ready: raterReady({ store, ledger }),
  });
  try {
    log.info("rater listening", { at: await app.listen({ host: listenHost, port: listenPort }) });
    const parts = { store, ledger, clock, log, metrics };
    await Promise.all([
      closeOnSchedule(parts, { zone, book, ...settings }, signal),
      budgetsOnSchedule({ ...parts, mail }, { zone, book, ...settings }, signal),
    ]);
  } finally {
    await app.close();
  }
});
