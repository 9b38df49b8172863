import { Refused } from "./client.ts";
import { program } from "./commands/program.ts";
import { sentenceOf } from "./commands/sentence.ts";

// Everything that a person typed wrong, or that is not there, ends in one sentence; the rest is a bug and shows its stack.
try {
  await program(process.env).parseAsync();
} catch (error) {
  const sentence = sentenceOf(error);
  process.stderr.write(`${sentence ?? (error instanceof Error ? error.stack : String(error))}\n`);
  process.exitCode = error instanceof Refused ? 1 : (process.exitCode ?? 1);
}
