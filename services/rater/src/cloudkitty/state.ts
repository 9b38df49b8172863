import { at, type Instant } from "@raingauge/domain";
import type { RatingRecord } from "@raingauge/ledger";

/** What CloudKitty calls a service, a field and a group: names that rules hang on. */
export interface Service {
  readonly id: string;
  readonly name: string;
}
export interface Field extends Service {
  readonly serviceId: string;
}
export type Group = Service;

/** What mappings and thresholds have in common. Exact decimals are texts; instants are milliseconds. */
interface RuleDocument {
  readonly id: string;
  readonly type: "flat" | "rate";
  readonly cost: string;
  readonly serviceId: string | null;
  readonly fieldId: string | null;
  readonly groupId: string | null;
  readonly tenantId: string | null;
  /** From when it rates: its start, but never inside a month that was closed when it was written. */
  readonly from: number;
}

/** What CloudKitty writes down of whoever made, changed and deleted a mapping or a script. */
interface Audited {
  readonly createdAt: number;
  readonly start: number;
  readonly end: number | null;
  readonly name: string;
  readonly description: string | null;
  readonly deleted: number | null;
  readonly createdBy: string;
  readonly updatedBy: string | null;
  readonly deletedBy: string | null;
}

export interface MappingDocument extends RuleDocument, Audited {
  readonly value: string;
}
export interface ThresholdDocument extends RuleDocument {
  readonly level: string;
}
export interface Script extends Audited {
  readonly id: string;
  readonly data: string;
  readonly checksum: string;
}
/** A rating module, and from when its being switched on counts. */
export interface ModuleDocument {
  readonly id: string;
  readonly enabled: boolean;
  readonly priority: number;
  readonly from: number;
}
export interface ScopeDocument {
  readonly id: string;
  readonly scopeKey: string;
  readonly fetcher: string;
  readonly collector: string;
  readonly active: boolean;
  readonly toggledAt: number;
  /** Set by a person; absent where what is rated says it. */
  readonly processedUntil: number | null;
}
export interface ReprocessingTask {
  readonly id: string;
  readonly scopeId: string;
  readonly reason: string;
  readonly start: number;
  readonly end: number;
}

/** Each kind of record, and what its documents hold. */
export interface Documents {
  readonly service: Service;
  readonly field: Field;
  readonly group: Group;
  readonly mapping: MappingDocument;
  readonly threshold: ThresholdDocument;
  readonly script: Script;
  readonly module: ModuleDocument;
  readonly "collector-mapping": { readonly id: string; readonly collector: string };
  readonly "collector-state": { readonly id: string; readonly enabled: boolean };
  readonly scope: ScopeDocument;
  readonly task: ReprocessingTask;
  /** Hours before it are those that another system rated. */
  readonly handover: { readonly id: string; readonly until: number };
}
export type Kind = keyof Documents;

/** One wording of a thing, from when it was written until the next. */
export interface Version<K extends Kind> {
  readonly writtenAt: Instant;
  /** Undefined where it was deleted. */
  readonly document: Documents[K] | undefined;
}

/** Everything that was ever written, folded. */
export interface RatingState {
  /** The sequence of the last record. */
  readonly last: bigint;
  /** As it stands, by key, in the order of first writing. */
  all<K extends Kind>(kind: K): readonly Documents[K][];
  one<K extends Kind>(kind: K, key: string): Documents[K] | undefined;
  /** Every wording of every thing of a kind, oldest first, deleted things too. */
  history<K extends Kind>(kind: K): readonly (readonly Version<K>[])[];
}

/** Pure. */
export function stateOf(records: readonly RatingRecord[]): RatingState {
  const kinds = new Map<string, Map<string, Version<Kind>[]>>();
  for (const { kind, key, writtenAt, document } of records) {
    const things = kinds.get(kind) ?? new Map<string, Version<Kind>[]>();
    kinds.set(kind, things);
    const versions = things.get(key) ?? [];
    things.set(key, versions);
    versions.push({
      writtenAt: at(writtenAt),
      document: (JSON.parse(document) ?? undefined) as Documents[Kind] | undefined,
    });
  }
  const versionsOf = <K extends Kind>(kind: K) => [...(kinds.get(kind)?.values() ?? [])] as Version<K>[][];
  return {
    last: records.at(-1)?.sequence ?? 0n,
    all: (kind) => versionsOf(kind).flatMap((versions) => versions.at(-1)?.document ?? []),
    one: <K extends Kind>(kind: K, key: string) =>
      kinds.get(kind)?.get(key)?.at(-1)?.document as Documents[K] | undefined,
    history: versionsOf,
  };
}

/** What is to be written: a thing as it is from now on, or that it is gone. */
export const written = <K extends Kind>(kind: K, document: Documents[K]) => ({
  kind,
  key: document.id,
  document: JSON.stringify(document),
});

export const removed = (kind: Kind, key: string) => ({ kind, key, document: "null" });
