import { randomInt, randomUUID } from "node:crypto";
import { at, type Instant } from "@raingauge/domain";
import { arrays, numbers, texts, unsigned, wholes } from "./native.ts";
import { isSame, type Lasts, latestIn, look, readLasts } from "./seen.ts";
import type { ClickhouseServer } from "./server.ts";

/**
 * Writers have clocks of their own: what one commits late may be called earlier than what another committed before. So a
 * watermark is noted with what counted when it was taken, and that is what a question as of it goes by.
 */
export async function watermark(server: ClickhouseServer): Promise<Instant> {
  const { lasts } = await look(server);
  if (lasts.size === 0) return at(0);
  const table = server.table("watermark");
  const [latest] = await server.ask(
    `select moment, writers, lots from ${table} where is_noted order by moment desc limit 1`,
    (row) => ({ moment: row.moment(), lasts: readLasts(row) }),
  );
  if (latest !== undefined && isSame(latest.lasts, lasts)) return latest.moment;

  const [claimed = 0] = await server.ask(`select max(moment) from ${table}`, (row) => row.integer());
  const free = claimed === 0 || claimed < latestIn(lasts) ? latestIn(lasts) : claimed + randomInt(1, 20);
  return (await note(server, at(free), lasts)) ?? watermark(server);
}

/** An instant is claimed before it is noted: of those who claim one at once nobody, or one alone, has it to himself. */
async function note(server: ClickhouseServer, moment: Instant, lasts: Lasts): Promise<Instant | undefined> {
  const name = randomUUID();
  await put(server, { moment, name, lasts: new Map(), isNoted: 0 });
  const names = await server.ask(`select name from ${server.table("watermark")} where moment = ${moment}`, (row) =>
    row.text(),
  );
  if (names.length > 1) return undefined;
  await put(server, { moment, name, lasts, isNoted: 1 });
  return moment;
}

interface Noted {
  readonly moment: Instant;
  readonly name: string;
  readonly lasts: Lasts;
  readonly isNoted: 0 | 1;
}

const put = (server: ClickhouseServer, { moment, name, lasts, isNoted }: Noted): Promise<void> =>
  server.put(
    "watermark",
    1,
    [
      wholes("moment", [moment]),
      texts("name", [name]),
      numbers("is_noted", Uint8Array.of(isNoted)),
      arrays(numbers("writers", Uint32Array.from(lasts.keys())), [lasts.size]),
      arrays(unsigned("lots", [...lasts.values()]), [lasts.size]),
    ],
    `${name} ${isNoted}`,
  );
