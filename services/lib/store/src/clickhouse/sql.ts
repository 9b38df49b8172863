import type { Period, Scope } from "@raingauge/domain";
import type { Key } from "./key.ts";

/** A text as SQL says it. Nothing that anybody named reaches a question in another way. */
export const quoted = (text: string): string => `'${text.replaceAll(/[\\']/g, "\\$&")}'`;

export const oneOf = (column: string, values: Iterable<string>): string => {
  const all = [...values].map(quoted);
  return all.length === 0 ? "0" : `${column} in (${all.join(", ")})`;
};

export const within = (column: string, { start, end }: Period): string =>
  `${column} >= ${start} and ${column} < ${end}`;

/** All of some conditions; of none, everything. */
export const every = (...conditions: readonly (string | undefined)[]): string =>
  conditions.filter((each) => each !== undefined).join(" and ") || "1";

export const whereProject = (scope: Scope): string | undefined =>
  scope.kind === "all" ? undefined : oneOf("project", scope.projects);

/** Rows that a question brings along: each a key and some 64-bit numbers, packed, since parsing as many literals takes longer. */
export interface Packed {
  readonly keys: readonly Key[];
  readonly numbers: Readonly<Record<string, readonly number[]>>;
}

/** A subquery of the rows: `series` and the numbers by their names. */
export function packed({ keys, numbers }: Packed): string {
  const columns = Object.entries(numbers);
  const width = 16 + 8 * columns.length;
  const bytes = Buffer.alloc(keys.length * width);
  for (const [row, key] of keys.entries()) {
    bytes.write(key, row * width, "latin1");
    for (const [column, [, values]] of columns.entries())
      bytes.writeBigInt64LE(BigInt(values[row] ?? 0), row * width + 16 + 8 * column);
  }
  const cells = columns.map(
    ([name], column) => `, reinterpretAsInt64(substring(pack, number * ${width} + ${17 + 8 * column}, 8)) as ${name}`,
  );
  return `(with unhex('${bytes.toString("hex")}') as pack
    select reinterpretAsUInt128(substring(pack, number * ${width} + 1, 16)) as series${cells.join("")}
    from numbers(${keys.length}))`;
}

export const packedKeys = (keys: readonly Key[]): string => packed({ keys, numbers: {} });
