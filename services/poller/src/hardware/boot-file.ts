import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { instant, iso } from "@raingauge/domain";
import type { Boot } from "./boot.ts";

/**
 * Keeps which life a host was in over restarts of its agent. What is lost with it is that the host was watched before it
 * started: its counters then begin with their first reading.
 */
export interface BootFile {
  /** Undefined where there is none that can be read. */
  load(): Promise<Boot | undefined>;
  save(boot: Boot): Promise<void>;
}

export const bootFile = (file: string): BootFile => ({
  async load() {
    try {
      return parsed(await readFile(file, "utf8"));
    } catch {
      return undefined;
    }
  },
  async save({ id, startedAt, witnessed, polledAt }) {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    const saved = { id, startedAt: iso(startedAt), witnessed, polledAt: iso(polledAt) };
    await writeFile(`${file}.part`, JSON.stringify(saved), { mode: 0o600 });
    await rename(`${file}.part`, file);
  },
});

function parsed(text: string): Boot | undefined {
  const said: unknown = JSON.parse(text);
  if (typeof said !== "object" || said === null) return undefined;
  const { id, startedAt, witnessed, polledAt } = said as Record<string, unknown>;
  if (typeof id !== "string" || typeof startedAt !== "string" || typeof polledAt !== "string") return undefined;
  return { id, startedAt: instant(startedAt), witnessed: witnessed === true, polledAt: instant(polledAt) };
}
