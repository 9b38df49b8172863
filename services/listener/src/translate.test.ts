import type { Batch } from "@raingauge/domain";
import { openEnvelope } from "@raingauge/openstack";
import { expect, it } from "vitest";
import { captured } from "./captured.ts";
import { isIgnored } from "./heard.ts";
import { translate } from "./translate.ts";

it("gives every event type that a real cloud sent its meaning, or the reason why it has none", async () => {
  const meanings = new Map<string, Map<string, number>>();
  for (const { body } of captured()) {
    const notification = openEnvelope(body);
    const heard = translate(notification, { region: "one" });
    const meaning = isIgnored(heard) ? `ignored: ${heard.ignored}` : meaningOf(heard);
    const ofType = meanings.get(notification.type) ?? new Map<string, number>();
    meanings.set(notification.type, ofType.set(meaning, (ofType.get(meaning) ?? 0) + 1));
  }

  await expect(table(meanings)).toMatchFileSnapshot("golden/captured-types.txt");
});

/** In the order of time, and for the first meter only: a machine's five meters say the same. */
function meaningOf({ samples }: Batch): string {
  const claims = samples.filter(({ meter }) => meter === samples[0]?.meter);
  const said = claims.map(
    ({ stance, meter, transition }) => `${stance} ${meter}${transition === undefined ? "" : " when said"}`,
  );
  return claims.length === 0 ? "describes" : said.join(", ");
}

const table = (meanings: ReadonlyMap<string, ReadonlyMap<string, number>>): string =>
  [...meanings]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([type, counts]) =>
      [...counts].map(([meaning, count]) => `${type.padEnd(50)} ${String(count).padStart(4)}  ${meaning}\n`),
    )
    .join("");
