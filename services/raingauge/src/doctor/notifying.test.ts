import { readFileSync } from "node:fs";
import { listenerSettings } from "@raingauge/listener";
import { describe, expect, it } from "vitest";
import { NOTIFYING } from "./notifying.ts";

const PAGE = readFileSync(new URL("../../../../docs/openstack.md", import.meta.url), "utf8");

describe.each(NOTIFYING)("$service", ({ service, settings, files, exchanges }) => {
  it("is listened to unless somebody says otherwise", () => {
    const all = listenerSettings.exchanges.read(
      () => undefined,
      () => undefined,
    );

    expect(all).toEqual(expect.arrayContaining([...exchanges]));
  });

  it("stands in docs/openstack.md with every setting that the doctor asks for", () => {
    const row = PAGE.split(`\n| ${service} |`)[1]?.split(/\n\| \w/)[0] ?? "";

    expect(row).toContain(files[0]?.split("/").at(-1));
    for (const { section, option } of settings.filter((each) => each.option !== "driver"))
      expect(row).toContain(`[${section}] ${option}`);
  });
});
