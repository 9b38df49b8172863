import { at, type Budget, EVERYTHING, type Instant, MINUTE_MS } from "@raingauge/domain";
import type { Ledger, Notice, Settled } from "@raingauge/ledger";
import type { Mailer } from "./mail.ts";
import { postNotice } from "./webhook.ts";

export interface Delivering {
  readonly ledger: Pick<Ledger, "budgets" | "dueNotices" | "settleNotice">;
  /** Absent where no mail can be sent; what is to be mailed is then given up, and says so. */
  readonly mail?: Pick<Mailer, "send"> | undefined;
}

export interface Delivered {
  readonly delivered: number;
  readonly failed: number;
  readonly dead: number;
}

/** A few at a time: whoever is told has other things to do. */
const AT_ONCE = 50;

/** Tells what is due. What fails is tried again later, and given up after the last try, until somebody replays it. */
export async function deliverNotices({ ledger, mail }: Delivering, now: Instant): Promise<Delivered> {
  const due = await ledger.dueNotices(now, AT_ONCE);
  const counts = { delivered: 0, failed: 0, dead: 0 };
  if (due.length === 0) return counts;
  const budgets = new Map((await ledger.budgets(EVERYTHING)).map((budget) => [budget.name, budget]));
  for (const notice of due) {
    const settled = await attempt(notice, budgets.get(notice.budget), mail, now);
    await ledger.settleNotice(notice.sequence, settled);
    counts[settled.state === "pending" ? "failed" : settled.state] += 1;
  }
  return counts;
}

async function attempt(
  notice: Notice,
  budget: Budget | undefined,
  mail: Delivering["mail"],
  now: Instant,
): Promise<Settled> {
  try {
    await tell(notice, budget, mail, now);
    return { state: "delivered" };
  } catch (error) {
    const reason = reasonOf(error);
    const wait = WAITS_MINUTES[notice.attempts];
    if (error instanceof Untellable || wait === undefined) return { state: "dead", error: reason };
    return { state: "pending", error: reason, nextAt: at(now + wait * MINUTE_MS) };
  }
}

/** Trying again would not help. */
class Untellable extends Error {
  override readonly name = "Untellable";
}

/** After the first try, the second …; about a day in all, so that a night's outage at the other end loses nothing. */
const WAITS_MINUTES = [1, 5, 15, 60, 180, 360, 720];

async function tell(notice: Notice, budget: Budget | undefined, mail: Delivering["mail"], now: Instant): Promise<void> {
  if (budget === undefined) throw new Untellable("the budget is not there any more");
  if (notice.channel === "webhook") {
    if (budget.webhook === undefined) throw new Untellable("the budget has no webhook any more");
    return postNotice(budget.webhook, notice, now);
  }
  if (mail === undefined) throw new Untellable("no mail server is set: RAINGAUGE_SMTP_URL");
  if (budget.email.length === 0) throw new Untellable("the budget has no address any more");
  const { subject, text } = letter(notice);
  return mail.send(budget.email, subject, text);
}

/** Of a driver's error only what holds no address and no password. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "it failed";
  const { cause } = error;
  const code = [error, cause].flatMap((each) =>
    each instanceof Error && "code" in each ? [String(each.code)] : [],
  )[0];
  if (error instanceof Untellable || /^it answered \d+$/.test(error.message)) return error.message;
  return error.name === "TimeoutError"
    ? "no answer in time"
    : `no connection, or it was refused: ${code ?? error.name}`;
}

function letter({ document }: Notice): { readonly subject: string; readonly text: string } {
  const told = JSON.parse(document) as Readonly<Record<string, unknown>> & {
    readonly threshold: { readonly percent: string; readonly of: string };
  };
  const { budget, period, threshold, amount, spent, forecast, currency, projects, account, isEstimate, leftOut } = told;
  return {
    subject: `Budget ${budget}: ${threshold.percent} % of ${amount} ${currency} (${threshold.of}, ${period})`,
    text: [
      `Budget ${budget} for ${period} has reached ${threshold.percent} % by its ${threshold.of} cost.`,
      "",
      `Budget     ${amount} ${currency}`,
      `So far     ${spent} ${currency}`,
      ...(forecast === undefined ? [] : [`Forecast   ${forecast} ${currency}`]),
      ...(account === undefined
        ? [`Projects   ${(projects as readonly string[]).join(", ")}`]
        : [`Account    ${account}`]),
      ...(leftOut === undefined
        ? []
        : [`Left out   ${(leftOut as readonly string[]).join(", ")}, whose costs are in another currency`]),
      ...(isEstimate === true ? ["An estimate: their account shares tiers, an allowance or a discount."] : []),
      "",
    ].join("\n"),
  };
}
