import { type ExecFileException, execFile } from "node:child_process";
import { powerIn, sensorsIn } from "./sdr.ts";
import type { SensorReading } from "./sensor.ts";

/** A board behind the network; without one the host's own is asked, through its kernel. */
export interface FarBoard {
  readonly host: string;
  readonly port: string;
  readonly user: string;
  /** `ipmitool` reads it itself: a password among the arguments could be seen by everybody on this machine. */
  readonly passwordFile: string;
}

export interface IpmitoolOptions {
  /** The program, by name or path. */
  readonly command: string;
  /** For one answer. A board that hangs must not hang the agent. */
  readonly timeoutSeconds: number;
}

export type IpmiProblem = "missing" | "timed_out" | "failed";

export class IpmiFailed extends Error {
  override readonly name = "IpmiFailed";
  readonly reason: IpmiProblem;

  constructor(reason: IpmiProblem, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

/** Everything that a board reads, in two questions. Throws IpmiFailed where it does not tell of its sensors. */
export async function ipmiSensors(options: IpmitoolOptions, board?: FarBoard): Promise<SensorReading[]> {
  const sensors = sensorsIn(await asked(options, board, ["-v", "sdr", "list", "full"]));
  const power = powerIn(await asked(options, board, ["dcmi", "power", "reading"]).catch(unlessWithout));
  return power === undefined ? sensors : [...sensors, power];
}

/** Many a board knows no DCMI, and says so by failing. */
function unlessWithout(error: unknown): string {
  if (error instanceof IpmiFailed && error.reason === "failed") return "";
  throw error;
}

const FAR = "lanplus";
const OUTPUT_BYTES_MAX = 4 * 1024 * 1024;

const asked = (
  { command, timeoutSeconds }: IpmitoolOptions,
  board: FarBoard | undefined,
  question: readonly string[],
): Promise<string> =>
  new Promise((resolve, reject) => {
    const args = [...(board === undefined ? [] : addressed(board)), ...question];
    const options = { timeout: timeoutSeconds * 1_000, killSignal: "SIGKILL", maxBuffer: OUTPUT_BYTES_MAX } as const;
    const child = execFile(command, args, options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(failure(error, stderr, timeoutSeconds));
    });
    child.stdin?.end();
  });

const addressed = ({ host, port, user, passwordFile }: FarBoard): string[] => [
  "-I",
  FAR,
  "-H",
  host,
  "-p",
  port,
  "-U",
  user,
  "-f",
  passwordFile,
  "-L",
  "USER",
];

function failure(error: ExecFileException, stderr: string, timeoutSeconds: number): IpmiFailed {
  // Node's own message repeats the arguments, and what a board is called is nobody's secret; its words are enough.
  if (error.code === "ENOENT") return new IpmiFailed("missing", "there is no such program");
  if (error.killed === true) return new IpmiFailed("timed_out", `no answer within ${timeoutSeconds} s`);
  return new IpmiFailed("failed", stderr.trim().slice(0, 300) || `it ended with ${String(error.code)}`);
}
