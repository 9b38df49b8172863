import type { Settings } from "./config.ts";
import { authority, optional, readable } from "./readers.ts";
import { urls } from "./secret.ts";

/** How every process finds the bus; spread into its readers. A password stands in the URL, or in the file that it names. */
export const BUS_READERS = {
  busUrls: urls("NATS_URL", { schemes: ["nats:", "tls:"], fallback: "nats://127.0.0.1:4222" }),
  /** A NATS credentials file. */
  busCredentials: optional(readable("NATS_CREDENTIALS")),
  /** The certificate of the authority behind the server's, where the system does not know it. */
  busCa: optional(authority("NATS_CA")),
} as const;

export type BusSettings = Settings<typeof BUS_READERS>;

/** The same in the words of the JetStream adapter. */
export const busOptions = ({ busUrls, busCredentials, busCa }: BusSettings) => ({
  url: busUrls.map(({ href }) => href).join(","),
  caFile: busCa,
  credentials: busCredentials === undefined ? undefined : ({ kind: "file", path: busCredentials } as const),
});
