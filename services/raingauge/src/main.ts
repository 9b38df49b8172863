import { Refused } from "./client.ts";
import { program } from "./commands/program.ts";

// Everything that a person typed wrong, or that is not there, ends in one sentence; the rest is a bug and shows its stack.
try {
  await program(process.env).parseAsync();
} catch (error) {
  const sentence = error instanceof Refused ? error.message : await sentenceOf(error);
  process.stderr.write(`${sentence ?? (error instanceof Error ? error.stack : String(error))}\n`);
  process.exitCode = error instanceof Refused ? 1 : (process.exitCode ?? 1);
}

/** Which errors the parts have a name for is asked of the parts, and those are many to read where nothing went wrong. */
async function sentenceOf(error: unknown): Promise<string | undefined> {
  return (await import("./commands/sentence.ts")).sentenceOf(error);
}
