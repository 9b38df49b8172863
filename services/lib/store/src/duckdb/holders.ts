import type { DuckDBConnection } from "@duckdb/node-api";
import { type Dimensions, dimensionsKey } from "@raingauge/domain";
import { once } from "../once.ts";
import { integer, rowsOf, text } from "./answer.ts";
import type { Row } from "./table.ts";

/** Whose a roll-up is: a project and the dimensions in force. */
export interface Holder {
  readonly project: string;
  readonly dimensions: Dimensions;
}

export async function readHolders(connection: DuckDBConnection): Promise<ReadonlyMap<number, Holder>> {
  const rows = await rowsOf(connection, { sql: "select holder_id, project, dimensions from holder" });
  return new Map(
    rows.map(([id, project, dimensions]) => [
      integer(id),
      { project: text(project), dimensions: JSON.parse(text(dimensions)) },
    ]),
  );
}

/** Gives numbers to holders; `entered` are the rows of those that the file does not have yet. */
export interface HolderBook {
  readonly entered: readonly Row[];
  idOf(holder: Holder): number;
}

export function holderBook(known: ReadonlyMap<number, Holder>): HolderBook {
  const ids = new Map([...known].map(([id, holder]) => [keyOf(holder), id]));
  const dimensionsText = once(dimensionsKey); // Readings share their dimensions, and so their key is made once.
  const entered: Row[] = [];
  return {
    entered,
    idOf({ project, dimensions }) {
      const key = `${project}\n${dimensionsText(dimensions)}`;
      const id = ids.get(key) ?? ids.size;
      if (!ids.has(key)) entered.push([id, project, JSON.stringify(dimensions)]);
      ids.set(key, id);
      return id;
    },
  };
}

const keyOf = ({ project, dimensions }: Holder): string => `${project}\n${dimensionsKey(dimensions)}`;
