import { at, type Confirmation, type Instant } from "@raingauge/domain";

/** The instant from which on other sources confirm than did before; none where they are the same. */
export function firstDifference(before: readonly Confirmation[], now: readonly Confirmation[]): Instant | undefined {
  const known = new Set(before.map(confirmationKey));
  const wanted = new Set(now.map(confirmationKey));
  const differing = [
    ...before.filter((each) => !wanted.has(confirmationKey(each))),
    ...now.filter((each) => !known.has(confirmationKey(each))),
  ];
  return differing.length === 0 ? undefined : at(Math.min(...differing.map(({ since }) => since)));
}

const confirmationKey = ({ source, limitMs, since }: Confirmation): string => JSON.stringify([source, limitMs, since]);
