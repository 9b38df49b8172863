import { hostname } from "node:os";
import { definitionsReader } from "@raingauge/definitions";
import { LEDGER_URL } from "@raingauge/ledger/postgres";
import { BUS_READERS, count, type Environment, optional, readConfig, secretFile, text, url } from "@raingauge/runtime";
import { STORE_URL } from "@raingauge/store/open";
import { chartReader } from "./bookkeeping/settings.ts";
import { MAIL_READERS } from "./budgets/settings.ts";
import { metricsFileReader } from "./cloudkitty/settings.ts";
import { identityReaders } from "./identity/settings.ts";
import { OUTSIDE_READERS } from "./outside/settings.ts";
import { QUERY_READERS } from "./prometheus/settings.ts";
import { RULES_READERS } from "./rules/settings.ts";
import { signOnReader } from "./single-sign-on/settings.ts";
import { zone } from "./zone.ts";

/** What the rater can be told as a process of its own. */
export const config = (env: Environment) =>
  readConfig(env, {
    definitions: definitionsReader,
    listenHost: text("LISTEN_HOST", { fallback: "127.0.0.1" }),
    listenPort: count("LISTEN_PORT", { fallback: 8780, min: 0, max: 65_535 }),
    ...BUS_READERS,
    ledgerUrl: url("LEDGER_URL", LEDGER_URL),
    storeUrl: url("STORE_URL", STORE_URL),
    storeToken: optional(secretFile("STORE_TOKEN")),
    zone: zone("ZONE"),
    book: text("BOOK", { fallback: "standard" }),
    ...MAIL_READERS,
    graceHours: count("GRACE_HOURS", { fallback: 6, min: 0, max: 720 }),
    monthsBack: count("MONTHS_BACK", { fallback: 3, min: 1, max: 24 }),
    ...identityReaders(env),
    signOn: signOnReader,
    metricsFile: metricsFileReader,
    chart: chartReader,
    ...OUTSIDE_READERS,
    requestsPerMinute: count("REQUESTS_PER_MINUTE", { fallback: 6_000 }),
    ...QUERY_READERS,
    ...RULES_READERS,
    holder: text("HOLDER", { fallback: hostname() }),
  });
