import { type ExecFileException, execFile } from "node:child_process";

/** How a host's libvirt is asked. Both throw VirshFailed. */
export interface Virsh {
  /** All domains with their statistics, in one call; see `parseHost`. */
  report(): Promise<string>;
  /** One domain's XML. */
  describe(uuid: string): Promise<string>;
}

export interface VirshOptions {
  /** The program, by name or path. */
  readonly command: string;
  readonly uri: string;
  /** A libvirt that hangs must not hang the agent: then it is killed, and the next poll tries again. */
  readonly timeoutSeconds: number;
}

export class VirshFailed extends Error {
  override readonly name = "VirshFailed";
  readonly reason: "missing" | "timeout" | "failed";

  constructor(reason: "missing" | "timeout" | "failed", message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

/**
 * The list comes before the statistics: a domain that restarts between the two is then counted as the old process for once,
 * which costs us nothing but precision, and never an old counter as a new one. `--nowait` leaves out what a busy domain
 * cannot tell at once, instead of making all others wait for it.
 */
const REPORT = "list --all --uuid --id --name; domstats --raw --nowait";

/** Reading needs no more than libvirt's read-only socket. */
export const virsh = (options: VirshOptions): Virsh => ({
  report: () => asked(options, [REPORT]),
  describe: (uuid) => asked(options, ["dumpxml", uuid]),
});

/** A host with hundreds of domains says some hundred kilobytes. */
const OUTPUT_BYTES_MAX = 64 * 1024 * 1024;

const asked = ({ command, uri, timeoutSeconds }: VirshOptions, question: readonly string[]): Promise<string> =>
  new Promise((resolve, reject) => {
    const args = ["--readonly", "--quiet", "--connect", uri, ...question];
    const options = { timeout: timeoutSeconds * 1_000, killSignal: "SIGKILL", maxBuffer: OUTPUT_BYTES_MAX } as const;
    const child = execFile(command, args, options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(failure(error, stderr, timeoutSeconds));
    });
    child.stdin?.end();
  });

function failure(error: ExecFileException, stderr: string, timeoutSeconds: number): VirshFailed {
  if (error.code === "ENOENT") return new VirshFailed("missing", "there is no such program", { cause: error });
  if (error.killed === true)
    return new VirshFailed("timeout", `no answer within ${timeoutSeconds} s`, { cause: error });
  return new VirshFailed("failed", stderr.trim().slice(0, 500) || error.message, { cause: error });
}
