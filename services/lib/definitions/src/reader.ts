import { declareMeters } from "@raingauge/domain";
import { type Reader, unreadable } from "@raingauge/runtime";
import { type DefinitionFile, type Definitions, NONE, readDefinitions } from "./definitions.ts";
import { filesOf } from "./folder.ts";
import { sentenceOf } from "./problem.ts";

/**
 * The setting that names an operator's definitions. Reading it also adds their meters to the catalogue, for this is the one
 * moment before anybody asks for one: it stands first among a process's readers, and whatever names a meter (a price book, a
 * file of CloudKitty's metrics) may then name these.
 */
export const definitionsReader: Reader<Definitions> = {
  names: ["DEFINITIONS"],
  read(look, problem) {
    const path = look("DEFINITIONS");
    if (path === undefined) return NONE;
    const files = attempt(path);
    if (typeof files === "string") {
      problem(`RAINGAUGE_DEFINITIONS cannot be read: ${files}`);
      return NONE;
    }
    const { definitions, problems } = readDefinitions(files);
    for (const each of problems) problem(sentenceOf(each));
    if (problems.length === 0) declareMeters(definitions.own);
    return definitions;
  },
};

function attempt(path: string): readonly DefinitionFile[] | string {
  try {
    return filesOf(path);
  } catch (error) {
    return unreadable(path, error);
  }
}
