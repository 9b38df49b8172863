import type { Meter, MeterSource } from "../meter.ts";
import { existence, gauge, heard, SWEPT_SILENCE_SECONDS, swept } from "./row.ts";
import { each, GIBIBYTES } from "./unit.ts";

/** A back end's room. To be looked at: no project owns it. */
const room = (name: string, type: string, sources: readonly MeterSource[]): Meter =>
  gauge(name, { of: GIBIBYTES, type, sources, silenceSeconds: SWEPT_SILENCE_SECONDS, isPriceable: false });

const provider = (name: string): Meter => room(name, "volume_provider", [heard("capacity.backend")]);

const pool = (name: string): Meter =>
  room(name, "volume_provider_pool", [heard("capacity.pool"), swept("cinder GET /scheduler-stats/get_pools")]);

export const CINDER: readonly Meter[] = [
  existence("volume.size", {
    of: GIBIBYTES,
    type: "volume",
    dimensions: ["volume_type", "state", "availability_zone"],
    sources: [heard("volume.*, volume.exists"), swept("cinder GET /volumes/detail")],
  }),
  existence("snapshot.size", {
    of: GIBIBYTES,
    type: "snapshot",
    dimensions: ["state"],
    sources: [heard("snapshot.*, snapshot.exists"), swept("cinder GET /snapshots/detail")],
    aliases: ["volume.snapshot.size"],
  }),
  existence("backup.size", {
    of: GIBIBYTES,
    type: "backup",
    dimensions: ["state", "availability_zone"],
    sources: [heard("backup.*, backup.exists"), swept("cinder GET /backups/detail")],
    aliases: ["volume.backup.size"],
  }),
  provider("volume.provider.capacity.total"),
  provider("volume.provider.capacity.free"),
  provider("volume.provider.capacity.allocated"),
  provider("volume.provider.capacity.provisioned"),
  provider("volume.provider.capacity.virtual_free"),
  pool("volume.provider.pool.capacity.total"),
  pool("volume.provider.pool.capacity.free"),
  pool("volume.provider.pool.capacity.allocated"),
  pool("volume.provider.pool.capacity.provisioned"),
  pool("volume.provider.pool.capacity.virtual_free"),
  gauge("volume.service.health", {
    of: each("health"),
    type: "volume_service",
    sources: [swept("cinder GET /os-services")],
    silenceSeconds: SWEPT_SILENCE_SECONDS,
    isPriceable: false,
  }),
];
