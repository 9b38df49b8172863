import { once } from "node:events";
import { readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { at, HOUR_MS, type Instant, type Period } from "@raingauge/domain";
import { closePeriod, monthBefore, monthName, monthOf } from "@raingauge/rater";
import { jsonLog } from "@raingauge/runtime";
import { isFree } from "@raingauge/servers";
import { type IssuedInvoiceView, parsePriceBook, viewIssued } from "@raingauge/wire";
import { isAlive, Refused } from "../client.ts";
import { adminToken, doorplate, hangDoorplate } from "../commands/door.ts";
import { type Installation, openInstallation } from "../installation.ts";
import { invoiceText } from "../print.ts";
import { played } from "../replay.ts";
import { openService, type Service } from "../service.ts";
import { publishBook } from "../up.ts";
import { whyText } from "../why-text.ts";
import { withAudits } from "./audits.ts";
import { tallied, until } from "./drained.ts";
import { type Corrected, corrected, type KeptBack, keepBackRelease } from "./late.ts";
import { playNotifications, playPolls, type Stage } from "./play.ts";
import { type Progress, progress } from "./progress.ts";
import { named, projectNames } from "./projects.ts";
import { type Recorded, readRecording } from "./recording.ts";
import { launches, stretch } from "./stretch.ts";

export interface DemoOptions {
  readonly once?: boolean;
  readonly json?: boolean;
  /** Keep what was said of one release back until the month is closed, and correct its invoice then. */
  readonly late?: boolean;
  readonly data?: string;
}

const ROOT = resolve(import.meta.dirname, "../../../..");
const PRICES = join(ROOT, "docs/examples/price-book.yaml");
const RECORDINGS = join(ROOT, "test/captures");
const TERMS = { zone: "UTC", book: "standard" };

/** The whole road on a recording: notifications and polls in at one end, three projects' invoices out at the other. */
export async function demo(options: DemoOptions): Promise<void> {
  const log = jsonLog("demo", "error");
  const say = progress();
  const folder = resolve(options.data ?? join(ROOT, ".raingauge/demo"));
  await refuseToEmpty(folder);
  rmSync(folder, { recursive: true, force: true });
  const month = monthBefore(monthOf(at(Date.now()), TERMS.zone), TERMS.zone);

  say.step(`starting nats-server, store and ledger in ${folder}`);
  await using opened = await openInstallation({ folder });
  const tally = tallied(opened.bus, opened.store);
  const installation: Installation = { ...opened, bus: tally.bus, store: tally.store };
  await publishBook(installation, parsePriceBook(readFileSync(PRICES, "utf8"), PRICES), log);
  const token = await adminToken(folder, opened.ledger);
  await using service = await openService(installation, {
    ...TERMS,
    host: "127.0.0.1",
    port: await port(options),
    log,
  });
  hangDoorplate(folder, { url: service.url, natsUrl: opened.natsUrl });

  const stop = new AbortController();
  const collecting = service.collect(stop.signal);
  const recording = await Array.fromAsync(readRecording(join(RECORDINGS, "notifications.jsonl.gz")));
  const rested = (): Promise<void> =>
    until(
      () => tally.rested() >= tally.published(),
      () => say.now(`storing: ${tally.rested()} of ${tally.published()} messages`),
    );
  const stage = { installation, region: "RegionOne", say, log };
  const { heard, late } = staged(recording, month, options);
  await Promise.race([play(stage, heard, month), collecting]);
  await rested();
  const name = monthName(month, TERMS.zone) ?? "";
  say.step(`stored ${tally.rested()} messages; closing ${name}`);

  const invoices = await issued(installation, month);
  if (options.late === true) {
    say.step(`${late.length} notifications of a release come late, after the month was closed`);
    await played(late, stage.region, async (packet) => void (await installation.bus.publish(packet)), log);
    await rested();
  }
  const corrections = options.late === true ? await corrected({ url: service.url, token }, name) : [];
  print({ invoices, corrections }, projectNames(recording), options);
  if (options.once !== true) await shown(service, token, folder, say);
  stop.abort();
  await collecting;
}

/** What runs from the folder would go on without its files. */
async function refuseToEmpty(folder: string): Promise<void> {
  const url = doorplate(folder)?.url;
  if (url === undefined || !(await isAlive(url))) return;
  throw new Refused(
    `a demo runs from ${folder} already, at ${url}: stop it first, or give this one a folder with --data`,
  );
}

/** The recording takes most of the month. Audits go on past its end, so that its last hour is proven too. */
function staged(recording: readonly Recorded[], { start, end }: Period, { late }: DemoOptions): KeptBack {
  const messages = stretch(recording, { start: at(start + 6 * HOUR_MS), end: at(end - 36 * HOUR_MS) });
  const audited = [...withAudits(messages, provenUntil(end))];
  return late === true ? keepBackRelease(audited) : { heard: audited, late: [] };
}

const provenUntil = (end: Instant): Instant => at(end + 3 * HOUR_MS);

/** What was heard and what was polled arrive in whatever order they like, as in a real cloud. */
async function play(stage: Stage, messages: readonly Recorded[], { end }: Period): Promise<void> {
  const launched = launches(messages);
  const first = Math.min(...launched.values(), end);
  await Promise.all([
    playNotifications(stage, messages),
    playPolls(stage, RECORDINGS, launched, { start: at(first - HOUR_MS), end: provenUntil(end) }),
  ]);
}

async function issued({ store, ledger, clock }: Installation, period: Period): Promise<IssuedInvoiceView[]> {
  const closed = await closePeriod({ store, ledger }, { ...TERMS, period, allowUnpriced: false }, clock());
  const held = closed.flatMap((each) =>
    each.outcome === "held" ? [`${each.account}: ${each.reasons.join(", ")}`] : [],
  );
  if (held.length > 0) throw new Error(`invoices held: ${held.join("; ")}`);
  return closed.flatMap((each) => (each.outcome === "issued" ? [viewIssued(each.invoice)] : []));
}

interface Told {
  readonly invoices: readonly IssuedInvoiceView[];
  readonly corrections: readonly Corrected[];
}

function print({ invoices, corrections }: Told, names: ReadonlyMap<string, string>, options: DemoOptions): void {
  if (options.json === true) {
    const told = options.late === true ? { invoices, corrections } : { invoices };
    process.stdout.write(`${JSON.stringify(told)}\n`);
    return;
  }
  const texts = [
    ...invoices.map((invoice) => invoiceText(invoice, named(invoice, names))),
    ...corrections.flatMap(({ document, why }) => [
      invoiceText(document, named(document, names)),
      ...why.map((each) => whyText(each)),
    ]),
  ];
  process.stdout.write(`\n${texts.join("\n\n")}\n\n`);
}

/** A port that people can remember, unless somebody has it; a run that ends by itself takes any. */
const port = async ({ once: isOnce }: DemoOptions): Promise<number> =>
  isOnce !== true && (await isFree(8780)) ? 8780 : 0;

/** Leaves everything up until somebody presses Ctrl-C. */
async function shown({ url }: Service, token: string, folder: string, say: Progress): Promise<void> {
  const stop = new AbortController();
  process.once("SIGINT", () => stop.abort()).once("SIGTERM", () => stop.abort());
  process.stderr.write(
    [
      `The invoices as pages:  ${url}/invoices   (user "admin", the token as password)`,
      `The API:                ${url}/openapi.json`,
      `The token:              ${token}`,
      `Ask on, in another terminal:  npm run -s raingauge -- why NUMBER 1 --data ${folder}`,
      `                              npm run -s raingauge -- verify --data ${folder}`,
      "Stop with Ctrl-C.",
      "",
    ].join("\n"),
  );
  await once(stop.signal, "abort");
  say.step("stopping");
}
