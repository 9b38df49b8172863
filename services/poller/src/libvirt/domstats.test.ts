import { describe, expect, it } from "vitest";
import { GUESTS, recorded } from "../captured.ts";
import { parseHost, ReportUnreadable } from "./domstats.ts";

const A = "b7708c68-66e9-4a1b-90bf-fda40ff3acb0 4 instance-00000001";
const B = "2e1260a0-abc7-4200-9980-5e3a3cb0a70d - instance-00000002";

describe("parseHost", () => {
  it("reads every domain of every recorded report, and no line of it in vain", () => {
    const reports = [
      ...recorded("libvirt/domstats-raw-series.txt"),
      ...recorded("ceilometer/domstats-during-polling.txt.gz"),
    ];

    const read = reports.map(({ report }) => parseHost(report));

    expect(reports.length).toBeGreaterThan(80);
    expect(read.every(({ malformedLines }) => malformedLines === 0)).toBe(true);
    for (const { domains } of read) {
      expect(domains.map(({ uuid, process, name }) => ({ uuid, process, name }))).toEqual(GUESTS);
      expect(domains.every(({ fields }) => fields.size > 50)).toBe(true);
    }
  });

  it("tells a stopped domain from a running one", () => {
    const { domains } = parseHost(
      `${A}\n${B}\n\nDomain: 'instance-00000001'\n  state.state=1\n\nDomain: 'instance-00000002'\n  state.state=5\n`,
    );

    expect(domains.map(({ process }) => process)).toEqual([4, undefined]);
    expect(domains.map(({ fields }) => fields.get("state.state"))).toEqual(["1", "5"]);
  });

  it("keeps a listed domain that has no statistics: it is there all the same", () => {
    const { domains } = parseHost(`${A}\n${B}\n\nDomain: 'instance-00000002'\n  state.state=5\n`);

    expect(domains.map(({ name, fields }) => [name, fields.size])).toEqual([
      ["instance-00000001", 0],
      ["instance-00000002", 1],
    ]);
  });

  it("leaves a domain that came after the list to the next poll", () => {
    const { domains } = parseHost(
      `${A}\n\nDomain: 'instance-00000001'\n  state.state=1\n\nDomain: 'instance-0000000f'\n  state.state=1\n`,
    );

    expect(domains.map(({ name }) => name)).toEqual(["instance-00000001"]);
  });

  it("takes a host without domains for what it is", () => {
    expect(parseHost("\n")).toEqual({ domains: [], malformedLines: 0 });
  });

  it("counts lines that make no sense, and gives no domain what may be another's", () => {
    const { domains, malformedLines } = parseHost(
      `${A}\n\nDomain: 'instance-00000001'\n  state.state=1\n  what?\nDomain: 'insta\n  state.state=5\n  cpu.time=7\n`,
    );

    expect(malformedLines).toBe(4);
    expect([...(domains[0]?.fields ?? [])]).toEqual([["state.state", "1"]]);
  });

  it.each([
    { name: "no list", report: "\nDomain: 'instance-00000001'\n  state.state=1\n" },
    {
      name: "a list in which a line is no domain",
      report: `${A}\nerror: something\n\nDomain: 'instance-00000001'\n  state.state=1\n`,
    },
    { name: "a list of another format", report: " Id   Name   State\n 1    test   running\n" },
  ])("refuses a report with $name, for what is not listed would be taken to have gone", ({ report }) => {
    expect(() => parseHost(report)).toThrow(ReportUnreadable);
  });
});
