/**
 * The values that a dimension of a type of resource can have, where its service has a fixed list of them. A price that names
 * another one waits for something that never comes.
 */
export const knownValues = (resourceType: string, dimension: string): readonly string[] | undefined =>
  dimension === "state" ? STATES[resourceType] : undefined;

const STATES: Readonly<Record<string, readonly string[]>> = {
  /** Nova's vm_state. A machine whose resize waits to be confirmed is told as active, and one that is gone is not billed. */
  instance: [
    "active",
    "building",
    "error",
    "paused",
    "rescued",
    "shelved",
    "shelved_offloaded",
    "soft-delete",
    "stopped",
    "suspended",
  ],
};
