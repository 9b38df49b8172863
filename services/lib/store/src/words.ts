import type { Sample } from "@raingauge/domain";

const ORIGINS: readonly Sample["origin"][] = ["notification", "api", "poll"];
const STANCES: readonly Sample["stance"][] = ["states", "sights", "ends", "vanishes"];

/** What a store holds as a word must be one of ours. */
export const originNamed = (said: string): Sample["origin"] => oneAmong(ORIGINS, said);
export const stanceNamed = (said: string): Sample["stance"] => oneAmong(STANCES, said);

function oneAmong<T extends string>(words: readonly T[], said: string): T {
  const word = words.find((each) => each === said);
  if (word === undefined) throw new TypeError(`a stored reading is "${said}", which means nothing`);
  return word;
}
