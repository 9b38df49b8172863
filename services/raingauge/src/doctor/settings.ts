import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Finding, off, skipped, unsure, well, wrong } from "./finding.ts";
import { NOTIFYING, type Notifying, type Setting, written } from "./notifying.ts";

/** What services are told in their own files, where this machine has them: the one place that says it for certain. */
export function settingsFindings(etc: string): Finding[] {
  const found = NOTIFYING.flatMap((each) => {
    const file = each.files.map((name) => join(etc, name)).find((path) => existsSync(path));
    return file === undefined ? [] : findingsOf(each, file);
  });
  if (found.length > 0) return found;
  return [
    skipped(
      "settings",
      `no settings of OpenStack's services under ${etc}`,
      "run it where the services run too, or name a copy of their settings with --etc",
    ),
  ];
}

function findingsOf(each: Notifying, file: string): Finding[] {
  let told: Told;
  try {
    told = toldIn(file);
  } catch (error) {
    return [unsure(each.service, `${file} cannot be read (${codeOf(error)})`, "run it as somebody who may read it")];
  }
  return [
    ...each.settings.map((setting) => findingOf(each, setting, told, file)),
    ...(each.service === "swift" ? [piped(told, file)] : []),
  ];
}

function findingOf({ service }: Notifying, setting: Setting, told: Told, file: string): Finding {
  const said = told.get(`${setting.section}.${setting.option}`);
  const last = said?.at(-1);
  const value = last ?? setting.unset;
  const isGood = setting.values.some((good) => good.toLowerCase() === value.toLowerCase());
  const says = `[${setting.section}] ${setting.option} is ${value === "" ? "empty" : value}${last === undefined ? " (its default)" : ""}`;
  if (isGood || said?.some((each) => setting.values.includes(each)) === true) return well(service, says);
  const mend = `in ${file}: ${written(setting)}; ${setting.why}`;
  return setting.needed ? wrong(service, says, mend) : off(service, says, mend);
}

/** A middleware that no pipeline names is never asked. */
function piped(told: Told, file: string): Finding {
  const pipeline = told.get("pipeline:main.pipeline")?.at(-1) ?? "";
  if (/(^|\s)ceilometer(\s|$)/.test(pipeline)) return well("swift", "ceilometer stands in the pipeline");
  return wrong(
    "swift",
    "no ceilometer in [pipeline:main] pipeline",
    `in ${file}: put ceilometer into the pipeline, right before proxy-server`,
  );
}

/** What is said for `section.option`, in the order of the files; an option may be said several times. */
type Told = ReadonlyMap<string, readonly string[]>;

/** A file, and then what stands in the folder beside it that is called after it, as oslo reads them. */
function toldIn(file: string): Told {
  const folder = `${file}.d`;
  const beside = existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith(".conf"))
        .toSorted()
        .map((name) => join(folder, name))
    : [];
  const told = new Map<string, string[]>();
  for (const path of [file, ...beside]) tell(told, readFileSync(path, "utf8"));
  return told;
}

function tell(told: Map<string, string[]>, text: string): void {
  let section = "DEFAULT";
  for (const line of text.split("\n")) {
    const [, named] = /^\[(.+)\]\s*$/.exec(line) ?? [];
    if (named !== undefined) section = named;
    const [, option, value] = /^([\w.]+)\s*[=:]\s*(.*?)\s*$/.exec(line) ?? [];
    if (option === undefined || value === undefined) continue;
    const key = `${section}.${option}`;
    told.set(key, [...(told.get(key) ?? []), value]);
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error ? String(error.code) : String(error);
