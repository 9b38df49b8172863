import { readFileSync, writeFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { DEAD, METERS, meterNamed, STATUSES } from "@raingauge/domain";
import { isIgnored, translate } from "@raingauge/listener";
import { openEnvelope } from "@raingauge/openstack";
import { domainOf, parseHost } from "@raingauge/poller";
import { describe, expect, it } from "vitest";
import { ceilometerMeters } from "./ceilometer.ts";
import { DIFFERENCES } from "./differences.ts";
import { meterDocument } from "./document.ts";

const DOCUMENT = new URL("../../docs/meters.md", import.meta.url);
const NOTIFICATIONS = new URL("../captures/notifications.jsonl.gz", import.meta.url);
const DOMSTATS = new URL("../captures/libvirt/domstats-raw-series.txt", import.meta.url);

const knownTo = (names: readonly { readonly name: string }[], wanted: string): boolean =>
  names.some(({ name }) => name === wanted);

describe("Ceilometer's meters", () => {
  const rows = ceilometerMeters();

  it("are all here: as a meter, as another name of one, as a status, or as dead", () => {
    const missing = rows.filter(
      ({ name }) => meterNamed(name) === undefined && !knownTo(STATUSES, name) && !knownTo(DEAD, name),
    );

    expect(rows.length).toBe(123);
    expect(missing).toEqual([]);
  });

  it.each(rows.filter(({ name }) => meterNamed(name) !== undefined))(
    "$name is a $kind in $unit, or says why not",
    ({ name, kind, unit }) => {
      const { why: _, ...told } = { kind, unit, ...DIFFERENCES[name] };

      expect({ kind: meterNamed(name)?.kind, unit: meterNamed(name)?.shown.unit }).toEqual(told);
    },
  );

  it("give no reason for a difference that there is not", () => {
    expect(Object.keys(DIFFERENCES).filter((name) => !knownTo(rows, name))).toEqual([]);
  });
});

describe("the catalogue", () => {
  it("means one thing by each name", () => {
    const names = [
      ...METERS.flatMap(({ name, aliases }) => [name, ...aliases]),
      ...[...STATUSES, ...DEAD].map(({ name }) => name),
    ];

    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it("sends nobody from a dead name or a status to another one", () => {
    const instead = [...DEAD.flatMap(({ instead = [] }) => instead), ...STATUSES.map(({ meter }) => meter)];

    expect(instead.filter((name) => !knownTo(METERS, name))).toEqual([]);
  });

  it("lets a price name a status only where it is a dimension of the meter", () => {
    for (const { meter, as, key } of STATUSES)
      expect(meterNamed(meter)?.dimensions.includes(key) === true).toBe(as === "dimension");
  });

  it("names a source for each meter", () => {
    expect(METERS.filter(({ sources }) => sources.length === 0)).toEqual([]);
  });

  it("shows each meter in a unit that is a whole number of the one in which it is stored", () => {
    for (const { shown, unit } of METERS) {
      expect(shown.factor.denominator).toBe(1n);
      if (shown.unit === unit) expect(shown.factor.numerator).toBe(1n);
    }
  });

  it("is documented as it is (UPDATE=1 writes the document)", () => {
    if (process.env["UPDATE"] === "1") writeFileSync(DOCUMENT, meterDocument());

    expect(readFileSync(DOCUMENT, "utf8")).toBe(meterDocument());
  });
});

describe("what a real cloud's notifications come to", () => {
  const samples = gunzipSync(readFileSync(NOTIFICATIONS))
    .toString()
    .trim()
    .split("\n")
    .map((line) => translate(openEnvelope(JSON.parse(line).body), { region: "one" }))
    .flatMap((heard) => (isIgnored(heard) ? [] : heard.samples));

  it("is told under the names by which meters are stored, each by a source that the catalogue names", () => {
    const names = [...new Set(samples.map(({ meter }) => meter))];

    expect(names.length).toBeGreaterThan(5);
    expect(names.filter((name) => !tells("notification", name))).toEqual([]);
  });

  it("states every dimension that a price may name, and no other", () => {
    for (const { meter, stance, dimensions } of samples) {
      if (stance !== "states") continue;
      expect(Object.keys(dimensions).sort(), meter).toEqual([...(meterNamed(meter)?.dimensions ?? [])].sort());
    }
  });
});

describe("what a real libvirt counts", () => {
  const guest = "b7708c68-66e9-4a1b-90bf-fda40ff3acb0 4 instance-00000001";
  const [, said = ""] = readFileSync(DOMSTATS, "utf8").split(/^### .*\n/m);
  const [report] = parseHost(`${guest}\n\n${said}`).domains;
  const { disks, interfaces } = domainOf(report?.fields ?? new Map());

  it("is told under the names by which meters are stored", () => {
    const names = [...disks, ...interfaces].flatMap(({ counters }) => Object.keys(counters));

    expect(names).toContain("network.outgoing.bytes");
    expect(names.filter((name) => !tells("libvirt", name))).toEqual([]);
  });
});

/** Under its own name, that is: an alias must never be stored. */
const tells = (source: string, wanted: string): boolean =>
  METERS.some(({ name, sources }) => name === wanted && sources.some(({ by }) => by === source));
