import { HOUR_MS, type Instant, instant, iso, MINUTE_MS, SECOND_MS } from "@raingauge/domain";

/** Something in a scenario that cannot be understood, with the line it stands on. */
export const bad = (line: string): never => {
  throw new SyntaxError(`scenario: ${line.trim()}`);
};

/** `12:00`, `12:00:07.5` on the scenario's day, or an instant in full. */
export function readTime(text: string, day: string): Instant {
  const parts = /^(\d\d:\d\d)(:\d\d(?:\.\d+)?)?$/.exec(text);
  return parts === null ? instant(text) : instant(`${day}T${parts[1]}${parts[2] ?? ":00"}Z`);
}

const UNITS: Readonly<Record<string, number>> = { d: 24 * HOUR_MS, h: HOUR_MS, m: MINUTE_MS, s: SECOND_MS, ms: 1 };

/** `15m`, `1h30m`, `2m17s` */
export function readDuration(text: string): number {
  const parts = [...text.matchAll(/(\d+)(ms|d|h|m|s)/g)];
  if (parts.map(([part]) => part).join("") !== text) return bad(text);
  return parts.reduce((total, [, count, unit]) => total + Number(count) * (UNITS[unit ?? ""] ?? 0), 0);
}

export function showDuration(ms: number): string {
  let rest = ms;
  const parts = Object.entries(UNITS).map(([unit, size]) => {
    const count = Math.floor(rest / size);
    rest -= count * size;
    return count === 0 ? "" : `${count}${unit}`;
  });
  return parts.join("") || "0s";
}

/** As short as the scenario's day allows. */
export const showTime = (moment: Instant, day: string): string =>
  iso(moment).startsWith(`${day}T`) ? iso(moment).slice(day.length + 1, -1) : iso(moment);
