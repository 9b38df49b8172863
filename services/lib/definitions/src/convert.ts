import type { Rational } from "@raingauge/domain";
import { exact } from "./exact.ts";
import type { Message } from "./message.ts";
import type { Gettable, MeterDefinition } from "./meter-definition.ts";

/** What a definition makes of a message, in Ceilometer's terms: the number as it was told, in the unit that was told. */
export interface Converted {
  readonly name: string;
  readonly unit: string;
  readonly volume: Rational;
  readonly resource: string;
  readonly project?: string;
  readonly user?: string;
  readonly timestamp?: string;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** Or why nothing. */
export interface Nothing {
  readonly nothing: string;
}

/** What one definition makes of one message that it hears. Pure; throws nothing that a message can cause. */
export function convert(definition: MeterDefinition, message: Message): readonly (Converted | Nothing)[] {
  const { get, lookup } = definition;
  const many = (key: Gettable): readonly unknown[] => get[key]?.(message) ?? [];
  const names = definition.isNamedByMessage ? many("name") : [definition.name];
  if (names.length === 0) return [{ nothing: `“name” finds no meter in the message` }];
  const told = Object.fromEntries(
    (["unit", "volume", "timestamp", "user_id", "project_id", "resource_id"] as const).map((key) => [key, many(key)]),
  ) as Readonly<Record<Gettable, readonly unknown[]>>;
  const short = lookup.find((key) => key !== "name" && told[key as Gettable].length !== names.length);
  if (short !== undefined) {
    return [{ nothing: `“${short}” finds ${told[short as Gettable].length} values for ${names.length} meters` }];
  }
  const metadata = Object.fromEntries(
    definition.metadata.flatMap(([name, found]) => {
      const [value] = found(message);
      return value === undefined || value === "" ? [] : [[name, value]];
    }),
  );
  return names.map((name, index) => {
    const value = (key: Gettable): unknown => told[key][lookup.includes(key) ? index : 0];
    const volume = exact(value("volume"));
    const resource = textOf(value("resource_id"));
    if (value("volume") === undefined) return { nothing: "“volume” finds nothing in the message" };
    if (volume === undefined) return { nothing: "“volume” finds no number, or one that was rounded on its way" };
    if (resource === undefined) return { nothing: "“resource_id” finds nothing in the message" };
    const project = textOf(value("project_id")) ?? textOf(message.ctxt["project_id"]);
    const user = textOf(value("user_id")) ?? textOf(message.ctxt["user_id"]);
    const timestamp = textOf(value("timestamp"));
    return {
      name: String(name),
      unit: definition.get.unit === undefined ? definition.unit : (textOf(value("unit")) ?? ""),
      volume,
      resource,
      ...(project === undefined ? {} : { project }),
      ...(user === undefined ? {} : { user }),
      ...(timestamp === undefined ? {} : { timestamp }),
      metadata,
    };
  });
}

/** Identifiers are texts; a number may stand for one. */
const textOf = (value: unknown): string | undefined => {
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value !== "" ? value : undefined;
};
