import { Fault } from "./fault.ts";
import type { Group, RatingState } from "./state.ts";

export function groupIn(state: RatingState, id: string): Group {
  const group = state.one("group", id);
  if (group === undefined) throw new Fault(404, `No such group: None (UUID: ${id})`);
  return group;
}

export const viewGroup = ({ id, name }: Group) => ({ group_id: id, name });
