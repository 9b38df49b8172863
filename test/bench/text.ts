import type { Figure } from "./benchmark.ts";
import type { Machine } from "./machine.ts";
import type { Report, Result } from "./report.ts";

/** A report as a table for people: what we do, and under it what the parts do alone. */
export const text = ({ machine, scale, benchmarks }: Report): string =>
  [described(machine), `scale ${scale}`, ...benchmarks.flatMap((result) => ["", ...linesOf(result)])].join("\n");

/** The same figures of several runs beside each other, and what the last is of the first. */
export function growthText(reports: readonly Report[]): string {
  const [first] = reports;
  if (first === undefined) return "";
  const scales = reports.map(({ scale }) => `scale ${digits(scale)}`.padStart(WIDE)).join("");
  const named = first.benchmarks.flatMap(({ name, figures, skipped }, place) =>
    skipped === undefined ? ["", name, ...figures.map(({ what, unit }) => grown(what, unit, reports, place))] : [],
  );
  return [described(first.machine), `${" ".repeat(FIGURE)}${scales}${"last / first".padStart(WIDE)}`, ...named].join(
    "\n",
  );
}

const FIGURE = 56;
const WIDE = 14;

function grown(what: string, unit: string, reports: readonly Report[], place: number): string {
  const values = reports.map(({ benchmarks }) => benchmarks[place]?.figures.find((each) => each.what === what)?.value);
  const cells = values.map((value) => (value === undefined ? "" : digits(value)).padStart(WIDE)).join("");
  const [from, to] = [values[0], values.at(-1)];
  const ratio = from === undefined || to === undefined ? "" : digits(to / from);
  return `  ${`${what}, ${unit}`.padEnd(FIGURE - 2)}${cells}${ratio.padStart(WIDE)}`;
}

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
