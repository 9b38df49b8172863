import { clusterSchema, plainSchema } from "./schema.ts";
import { type ClickhouseAddress, clickhouseServer } from "./server.ts";

/** The commands that make the tables of a store, on one server or on all of a cluster. To run them again changes nothing. */
export const clickhouseSchema = (database: string, cluster?: string): string[] =>
  cluster === undefined ? plainSchema(database) : clusterSchema(database, cluster);

export async function initialiseClickhouse(address: ClickhouseAddress): Promise<void> {
  const server = clickhouseServer(address);
  try {
    for (const command of clickhouseSchema(address.database, address.cluster)) await server.command(command);
  } finally {
    await server.close();
  }
}
