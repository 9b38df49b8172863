import { at, type Instant } from "@raingauge/domain";
import type { ModuleDocument, RatingState } from "./state.ts";

interface RatingModule {
  readonly id: string;
  readonly description: string;
  readonly enabled: boolean;
  readonly isConfigurable: boolean;
  readonly priority: number;
}

const BUILT_IN: readonly RatingModule[] = [
  { id: "hashmap", description: "HashMap rating module.", enabled: false, isConfigurable: true, priority: 1 },
  { id: "noop", description: "Dummy test module.", enabled: true, isConfigurable: false, priority: 1 },
  { id: "pyscripts", description: "PyScripts rating module.", enabled: false, isConfigurable: true, priority: 1 },
];

export const modulesIn = (state: RatingState): RatingModule[] =>
  BUILT_IN.map((module) => {
    const told = state.one("module", module.id);
    return told === undefined ? module : { ...module, enabled: told.enabled, priority: told.priority };
  });

/** When hashmap rates. While it does not, the price book does. */
export function isSwitchedOn(state: RatingState): {
  readonly at: (moment: Instant) => boolean;
  readonly edges: readonly Instant[];
} {
  const told = state
    .history("module")
    .flat()
    .flatMap(({ document }): ModuleDocument[] => (document?.id === "hashmap" ? [document] : []));
  return {
    at: (moment) => told.findLast(({ from }) => from <= moment)?.enabled ?? false,
    edges: told.map(({ from }) => at(from)),
  };
}

/** When a scope was switched off. What it used meanwhile is not shown as rated, then or later. */
export function pauses(state: RatingState): {
  readonly isPaused: (project: string, moment: Instant) => boolean;
  readonly edges: readonly Instant[];
} {
  const toggles = new Map(
    state
      .history("scope")
      .map((versions) => [
        versions[0]?.document?.id ?? "",
        versions.flatMap(({ document }) =>
          document === undefined ? [] : [{ at: document.toggledAt, active: document.active }],
        ),
      ]),
  );
  return {
    isPaused: (project, moment) => toggles.get(project)?.findLast((toggle) => toggle.at <= moment)?.active === false,
    edges: [...toggles.values()].flat().map((toggle) => at(toggle.at)),
  };
}
