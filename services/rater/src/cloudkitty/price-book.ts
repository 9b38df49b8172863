import { dimensionsKey, type Instant, type Rational, rate, rational, type Scope, type Usage } from "@raingauge/domain";
import type { Ledger } from "@raingauge/ledger";
import type { SampleStore } from "@raingauge/store";
import { alikeUsages } from "../alike.ts";
import { monthMs, monthOf } from "../months.ts";

/**
 * What one base unit of each usage of a month cost, by `priceKey`; a usage without a price is not in it. Of the meters
 * `together` alike usages are one.
 */
export type BookPrices = (
  moment: Instant,
  scope: Scope,
  together: ReadonlySet<string>,
) => Promise<ReadonlyMap<string, Rational>>;

/**
 * The price book's prices, spread over usage. A tier is filled over a month and belongs to nobody's hour in particular; so
 * each usage bears its share of the charge that it is part of, and the shares add up to the charge. Asked once for a month.
 */
export function bookPrices(
  { store, ledger }: { readonly store: Pick<SampleStore, "totals">; readonly ledger: Pick<Ledger, "bookAt"> },
  { zone, book }: { readonly zone: string; readonly book: string },
): BookPrices {
  const known = new Map<string, Promise<ReadonlyMap<string, Rational>>>();
  return (moment, scope, together) => {
    const period = monthOf(moment, zone);
    const who = scope.kind === "all" ? "*" : [...scope.projects].toSorted().join("\n");
    const key = `${period.start} ${[...together].join(" ")} ${who}`;
    const asked = known.get(key) ?? prices();
    known.set(key, asked);
    return asked;

    async function prices(): Promise<ReadonlyMap<string, Rational>> {
      const published = await ledger.bookAt(book, period.start);
      if (published === undefined) return new Map();
      const { charges } = rate(
        await alikeUsages(store, { period }, together, scope),
        published.book,
        monthMs(period, zone),
      );
      return new Map(
        charges.flatMap(({ cost, quantity, usages }) =>
          usages.map((usage): [string, Rational] => [
            priceKey(usage),
            quantity === 0n ? rational(0n) : rational(cost.numerator, cost.denominator * quantity),
          ]),
        ),
      );
    }
  };
}

export const priceKey = ({ region, project, meter, resource, dimensions }: Usage): string =>
  JSON.stringify([region, project, meter, resource, dimensionsKey(dimensions)]);
