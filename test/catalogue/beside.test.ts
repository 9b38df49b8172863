import { readFileSync, writeFileSync } from "node:fs";
import { isIgnored, translate } from "@raingauge/listener";
import { describe, expect, it } from "vitest";
import { compared, isSame } from "./beside/compared.ts";
import { ceilometerDocument } from "./beside/document.ts";
import { recordedNotifications } from "./beside/heard.ts";
import { REASONS, reasonFor } from "./beside/reasons.ts";

const DOCUMENT = new URL("../../docs/from-ceilometer.md", import.meta.url);

describe("what Ceilometer 19 made of a recorded cloud", async () => {
  const all = await compared();
  const different = all.filter((each) => !isSame(each));

  it("is told here with the same amount, resource and project, or otherwise for a reason", () => {
    expect(different.filter((each) => reasonFor(each) === undefined)).toEqual([]);
    expect(all.length - different.length).toBeGreaterThan(1_200);
  });

  it("is never told here with another amount, but for statuses, differences, fractions and the length of a disk's file", () => {
    const others = different.filter(({ ours }) => ours.length > 0).map(({ meter }) => meter);

    expect(new Set(others)).toEqual(
      new Set(["ip.floating", "network.incoming.bytes", "disk.device.usage", "compute.instance.booting.time"]),
    );
  });

  it("differs by each of the reasons that are given", () => {
    const reasons = new Set(different.map(reasonFor));

    expect(REASONS.filter((reason) => !reasons.has(reason))).toEqual([]);
  });

  it("is documented as it is (UPDATE=1 writes the document)", () => {
    const heard = recordedNotifications()
      .map((notification) => translate(notification, { region: "one" }))
      .flatMap((each) => (isIgnored(each) ? [] : each.samples));
    const document = ceilometerDocument({ all, heard });
    if (process.env["UPDATE"] === "1") writeFileSync(DOCUMENT, document);

    expect(readFileSync(DOCUMENT, "utf8")).toBe(document);
  });
});
