import { execFile } from "node:child_process";

/** A command that gave nothing. Its sentence repeats neither the command nor what it said: either may hold a secret. */
export class CommandFailed extends Error {
  override readonly name = "CommandFailed";
  readonly reason: "command_failed" | "command_late" | "command_too_long";

  constructor(reason: CommandFailed["reason"], sentence: string) {
    super(sentence);
    this.reason = reason;
  }
}

const OUTPUT_BYTES_MAX = 16 * 1024 * 1024;

/** What a command of the operator's writes, run by a shell: only ever as the definition has it. */
export function run(command: string, timeoutSeconds: number, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { timeout: timeoutSeconds * 1_000, killSignal: "SIGKILL", maxBuffer: OUTPUT_BYTES_MAX } as const;
    execFile("/bin/sh", ["-c", command], { ...options, signal }, (error, written) => {
      if (error === null) resolve(written);
      else if (signal.aborted) reject(signal.reason);
      else reject(failed(error));
    });
  });
}

function failed(error: Error & { readonly code?: unknown; readonly killed?: boolean }): CommandFailed {
  if (error.code === "ERR_CHILD_PROCESS_STDIO_MAXBUFFER") {
    return new CommandFailed("command_too_long", `it wrote more than ${OUTPUT_BYTES_MAX} bytes`);
  }
  if (error.killed === true) return new CommandFailed("command_late", "it did not end in time");
  return new CommandFailed("command_failed", `it ended with ${String(error.code)}`);
}
