import type { Instant } from "@raingauge/domain";
import type { NewRatingRecord } from "@raingauge/ledger";
import { type MappingDocument, type RatingState, removed, type ThresholdDocument, written } from "./state.ts";

type Rule = MappingDocument | ThresholdDocument;

/** What is written so that these rules rate nothing from now on. What they rated stays rated. */
export const withoutRules = (
  state: RatingState,
  isOne: (rule: Rule) => boolean,
  now: Instant,
  by: string,
): NewRatingRecord[] => [
  ...standing(state)
    .filter(isOne)
    .map((mapping) => written("mapping", { ...mapping, deleted: now, deletedBy: by })),
  ...state
    .all("threshold")
    .filter(isOne)
    .map(({ id }) => removed("threshold", id)),
];

/** The same rules, that belong to no group any more. */
export const ungrouped = (state: RatingState, group: string): NewRatingRecord[] => [
  ...standing(state)
    .filter(({ groupId }) => groupId === group)
    .map((mapping) => written("mapping", { ...mapping, groupId: null })),
  ...state
    .all("threshold")
    .filter(({ groupId }) => groupId === group)
    .map((threshold) => written("threshold", { ...threshold, groupId: null })),
];

/** The mappings that nobody deleted. */
export const standing = (state: RatingState): MappingDocument[] =>
  state.all("mapping").filter(({ deleted }) => deleted === null);
