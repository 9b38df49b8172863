import { at } from "@raingauge/domain";
import { initialiseClickhouse } from "./clickhouse/initialise.ts";
import { type Initialised, initialiseInfluxdb } from "./influxdb/initialise.ts";
import { clickhouseAddress, influxdbAddress, isClickhouse, isInfluxdb, openStore, storeSchema } from "./open.ts";

export { type Initialised, InitialiseRefused } from "./influxdb/initialise.ts";

/** Makes what the store that a URL names needs before its first reading. The token must be allowed to. */
export async function initialiseStore(url: URL, token: string | undefined): Promise<Initialised> {
  if (isInfluxdb(url))
    return initialiseInfluxdb({ ...influxdbAddress(url), ...(token === undefined ? {} : { token }) });
  if (isClickhouse(url)) {
    const address = clickhouseAddress(url, token);
    await initialiseClickhouse(address);
    return { told: [`${storeSchema(url)?.length ?? 0} commands run`] };
  }
  await using store = await openStore(url, { clock: () => at(Date.now()), token });
  await store.watermark();
  return { told: [`${decodeURIComponent(url.pathname)} is there`] };
}
