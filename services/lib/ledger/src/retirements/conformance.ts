import { at, type Instant } from "@raingauge/domain";
import { describe, expect, it } from "vitest";
import type { Ledger } from "../ledger.ts";

/** The promise of `Retirements`. */
export function describeRetirements(opened: (clock?: () => Instant) => Promise<{ readonly ledger: Ledger }>): void {
  describe("17. retired agents", () => {
    it("1. are only ever added, and told oldest first with who said so and when", async () => {
      let now = at(1_000);
      const { ledger } = await opened(() => now);
      const word = { region: "north", source: "libvirt", agent: "compute-7", at: at(500), by: "ann", note: "sold" };

      const first = await ledger.retireAgent(word);
      now = at(2_000);
      await ledger.retireAgent({ ...word, at: at(700), by: "bob", note: "" });

      expect(first).toEqual({ ...word, saidAt: 1_000 });
      expect(await ledger.retirements()).toEqual([first, { ...word, at: 700, by: "bob", note: "", saidAt: 2_000 }]);
    });
  });
}
