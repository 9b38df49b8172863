import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { MeterSource } from "@raingauge/domain";

const ROOT = join(import.meta.dirname, "../..");

/** Where the tests of a source are. */
const AREAS: Readonly<Record<MeterSource["by"], readonly string[]>> = {
  notification: ["services/listener/src/**/*.test.ts"],
  libvirt: ["services/poller/src/libvirt/*.test.ts", "services/poller/src/*.test.ts"],
  host: ["services/poller/src/hardware/*.test.ts"],
  ipmi: ["services/poller/src/sensors/*.test.ts"],
  central: ["services/poller/src/central/**/*.test.ts"],
};

export interface Proof {
  readonly file: string;
  /** As the test itself says it. */
  readonly title: string;
}

/** Where the first test that names a meter is not the one that says most of it. */
const PREFERRED: readonly (Proof & { readonly meters: RegExp; readonly by: MeterSource["by"] })[] = [
  {
    ...{ meters: /^(instance|vcpus|memory|disk\.(root|ephemeral)\.size)$/, by: "notification" },
    ...{ file: "services/listener/src/nova/usage.test.ts", title: "are split to the second: $story" },
  },
  {
    ...{ meters: /^(instance|vcpus|memory|disk\.(root|ephemeral)\.size)$/, by: "central" },
    ...{ file: "services/poller/src/central/sources.test.ts", title: "is what it is since its last launch" },
  },
  {
    ...{ meters: /^(instance|vcpus|memory|disk\.(root|ephemeral)\.size)$/, by: "libvirt" },
    ...{
      file: "services/poller/src/libvirt/samples.test.ts",
      title: "sights a machine, and leaves it to Nova to state what it is",
    },
  },
];

/** The first test of a source's that names a meter, unless another says more of it. */
export function proofOf(meter: string, by: MeterSource["by"]): Proof | undefined {
  const preferred = PREFERRED.find((each) => each.by === by && each.meters.test(meter));
  if (preferred !== undefined && isTested(preferred)) return preferred;
  const named = new RegExp(`(?<![\\w.])${meter.replaceAll(".", "\\.")}(?![\\w.])`);
  const found = filesOf(by).flatMap(({ file, titles, text }) => {
    const at = named.exec(text)?.index;
    if (at === undefined) return [];
    // What is said before the first test is for all of them.
    const title = titles.findLast((each) => each.at < at) ?? titles[0];
    return title === undefined ? [] : [{ file, title: title.says, isInside: title.at < at }];
  });
  const best = found.find(({ isInside }) => isInside) ?? found[0];
  return best === undefined ? undefined : { file: best.file, title: best.title };
}

/** Whether a test says so, word for word. */
export const isTested = ({ file, title }: Proof): boolean =>
  titlesIn(readFileSync(join(ROOT, file), "utf8")).some(({ says }) => says === title);

interface Titled {
  readonly at: number;
  readonly says: string;
}

interface TestFile {
  readonly file: string;
  readonly text: string;
  readonly titles: readonly Titled[];
}

const known = new Map<string, readonly TestFile[]>();

function filesOf(by: MeterSource["by"]): readonly TestFile[] {
  const found = known.get(by) ?? AREAS[by].flatMap((pattern) => globSync(pattern, { cwd: ROOT }).sort()).map(read);
  known.set(by, found);
  return found;
}

function read(file: string): TestFile {
  const text = readFileSync(join(ROOT, file), "utf8");
  return { file, text, titles: titlesIn(text) };
}

/** A table's title stands behind the table, and speaks for what stands in it. */
function titlesIn(text: string): Titled[] {
  return [...text.matchAll(/^ *it(\.each)?\(/gm)].flatMap(({ index, 1: isTable }) => {
    const rest = text.slice(index);
    const says = (isTable === undefined ? /^ *it\(\s*["`](.+?)["`],/ : /\)\(\s*["`](.+?)["`],/).exec(rest)?.[1];
    return says === undefined ? [] : [{ at: index, says }];
  });
}
