import { createHmac } from "node:crypto";
import type { Instant, Webhook } from "@raingauge/domain";
import type { Notice } from "@raingauge/ledger";

const ANSWER_MILLISECONDS = 10_000;

/**
 * Tells a notice by POST. Throws unless the answer is a success; no redirect is followed, because what is signed for one
 * address is for no other.
 */
export async function postNotice({ url, secret }: Webhook, { key, document }: Notice, now: Instant): Promise<void> {
  const response = await fetch(url, {
    method: "POST",
    redirect: "manual",
    signal: AbortSignal.timeout(ANSWER_MILLISECONDS),
    headers: {
      "content-type": "application/json",
      "raingauge-notice": createHmac("sha256", secret).update(key).digest("hex").slice(0, 32),
      "raingauge-signature": signature(secret, document, now),
    },
    body: document,
  });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`it answered ${response.status}`);
}

/** Over the time and the body, so that an old message cannot be sent again as a new one. */
function signature(secret: string, body: string, now: Instant): string {
  const seconds = Math.floor(now / 1_000);
  return `t=${seconds},v1=${createHmac("sha256", secret).update(`${seconds}.${body}`).digest("hex")}`;
}
