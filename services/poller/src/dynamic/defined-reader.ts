import { type Definitions, definitionsReader } from "@raingauge/definitions";
import { flag, type Reader } from "@raingauge/runtime";

/** An operator's definitions for an agent that runs what they say: a command only where another setting allows it. */
export const definedReader: Reader<Definitions> = {
  names: [...definitionsReader.names, "HOST_COMMANDS"],
  read(look, problem) {
    const definitions = definitionsReader.read(look, problem);
    const isAllowed = flag("HOST_COMMANDS", { fallback: false }).read(look, problem);
    for (const { file, line, name, question } of isAllowed ? [] : definitions.pollsters) {
      if (question.asks.by === "command") {
        problem(
          `${file}:${line}: host_command: ${name} runs a shell, and only where RAINGAUGE_HOST_COMMANDS=true allows it`,
        );
      }
    }
    return definitions;
  },
};
