import { SECOND_MS } from "@raingauge/domain";
import { WireError } from "@raingauge/wire/sent";
import { publisher } from "../publish.ts";
import type { Watch } from "../watch.ts";
import { bootOf } from "./boot.ts";
import type { BootFile } from "./boot-file.ts";
import { type Hardware, hardwareOf } from "./hardware.ts";
import type { HostFiles } from "./host-files.ts";
import type { Processors } from "./processor.ts";
import { hardwareSamples } from "./samples.ts";

export interface HostWatch extends Watch {
  readonly files: HostFiles;
  readonly bootFile: BootFile;
}

/** A look at the host itself, to be called again and again. Nobody's bill waits for it: what fails is counted, and the next goes on. */
export function hostWatch(watch: HostWatch): () => Promise<void> {
  const { files, log, metrics, now, region, host } = watch;
  const publish = publisher(watch);
  let before: { readonly boot: string | undefined; readonly processors: Processors | undefined } | undefined;
  let told = "";
  const tell = ({ left }: Hardware): void => {
    for (const part of left) metrics.hostPartsLeft.add(1, { part });
    // Once for each change: a container stays one.
    if (left.join() !== told) log.info("parts of the host are not seen from here", { parts: left.join(", ") });
    told = left.join();
  };
  return async () => {
    const at = now();
    try {
      const hardware = await hardwareOf(files);
      tell(hardware);
      const boot = bootOf(hardware, await watch.bootFile.load(), at);
      const earlier = before?.boot === hardware.boot ? before?.processors : undefined;
      const samples = hardwareSamples({ region, host, at, hardware, boot, before: earlier });
      // As with the machines' history: what was published under one beginning must not be forgotten.
      if (boot !== undefined) await watch.bootFile.save(boot);
      before = { boot: hardware.boot, processors: hardware.processors };
      await publish({ samples, events: [], coverage: [] }, "host");
      metrics.looksFinished.add(1, { source: "host" });
      metrics.lastLook.set(at / SECOND_MS, { source: "host" });
    } catch (error) {
      const reason = expected(error);
      metrics.looksFailed.add(1, { source: "host", reason });
      log.error("host not read", { reason, error });
    }
  };
}

function expected(error: unknown): string {
  if (error instanceof WireError) return error.code;
  if (error instanceof Error && "code" in error && typeof error.code === "string") return "unwritable";
  throw error;
}
