import type { Ledger } from "@raingauge/ledger";
import type { Check } from "@raingauge/runtime";
import type { SampleStore } from "@raingauge/store";

/** What must answer before requests can be. The reasons are public, so they name no host; the log does. */
export const raterReady = ({
  store,
  ledger,
}: {
  readonly store: Pick<SampleStore, "watermark">;
  readonly ledger: Pick<Ledger, "books">;
}): Readonly<Record<string, Check>> => ({
  store: () => answers(store.watermark()),
  ledger: () => answers(ledger.books()),
});

const answers = (asked: Promise<unknown>): Promise<string | undefined> =>
  asked.then(
    () => undefined,
    () => "cannot be reached",
  );
