import type { Figure } from "./benchmark.ts";
import type { Machine } from "./machine.ts";
import type { Report, Result } from "./report.ts";

/** A report as a table for people: what we do, and under it what the parts do alone. */
export const text = ({ machine, scale, benchmarks }: Report): string =>
  [described(machine), `scale ${scale}`, ...benchmarks.flatMap((result) => ["", ...linesOf(result)])].join("\n");

function described({ cores, processor, memoryBytes, system, load, versions }: Machine): string {
  const named = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const memory = `${Math.round(memoryBytes / 1024 ** 3)} GiB`;
  return `${cores} cores of ${processor}, ${memory}, ${system}, load ${load} at the start\n${named.join(", ")}`;
}

function linesOf({ name, figures, skipped }: Result): string[] {
  if (skipped !== undefined) return [`${name}: skipped, ${skipped}`];
  const wide = Math.max(...figures.map(({ what }) => what.length));
  return [name, ...figures.map((figure) => `  ${lineOf(figure, wide)}`)];
}

function lineOf({ what, value, unit, of, ratio }: Figure, wide: number): string {
  const said = `${what.padEnd(wide)}  ${digits(value).padStart(12)} ${unit.padEnd(15)}`;
  return of === undefined || ratio === undefined ? said.trimEnd() : `${said}  ${digits(ratio)} of ${of}`;
}

const digits = (value: number): string => value.toLocaleString("en-US", { maximumSignificantDigits: 3 });
