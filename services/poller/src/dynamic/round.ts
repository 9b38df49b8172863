import type { PollsterDefinition } from "@raingauge/definitions";

/** Pollsters whose question is one: it is asked once for all of them. */
export interface Round {
  /** The first pollster's name and `.pollster`; counts and leases go by it. */
  readonly name: string;
  readonly intervalSeconds: number;
  readonly pollsters: readonly [PollsterDefinition, ...PollsterDefinition[]];
}

/** `intervalOf`: how often a pollster's meter is asked for. */
export function rounds(
  pollsters: readonly PollsterDefinition[],
  intervalOf: (pollster: PollsterDefinition) => number,
): readonly Round[] {
  const alike = Map.groupBy(pollsters, (each) => `${intervalOf(each)} ${each.question.key}`);
  return [...alike.values()].flatMap(([first, ...more]) =>
    first === undefined
      ? []
      : [{ name: `${first.name}.pollster`, intervalSeconds: intervalOf(first), pollsters: [first, ...more] }],
  );
}
