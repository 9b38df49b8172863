import { METERS, type Meter, type MeterSource } from "@raingauge/domain";
import { OPPORTUNITIES } from "./opportunities.ts";
import { type Proof, proofOf } from "./proofs.ts";
import { unbuilt } from "./unbuilt.ts";

/** `docs/coverage.md`: every meter beside each of its sources and the test that holds it. */
export const coverageDocument = (recorded: ReadonlyMap<string, readonly string[]>): string =>
  [
    INTRODUCTION,
    table(
      ["meter", "source", "in its words", "recorded", "test"],
      METERS.flatMap((meter) => meter.sources.map((source) => row(meter, source, shortened(recorded)))),
    ),
    BEYOND,
    table(
      ["", "what", "tests", "left"],
      OPPORTUNITIES.map(({ number, what, proofs, left = "" }) => [number, what, proofs.map(linked).join("; "), left]),
    ),
  ].join("\n");

/** A machine's meters come by the same events, which are listed once. */
function shortened(recorded: ReadonlyMap<string, readonly string[]>): ReadonlyMap<string, readonly string[]> {
  const first = new Map<string, string>();
  return new Map(
    METERS.map(({ name }): readonly [string, readonly string[]] => {
      const types = (recorded.get(name) ?? []).map((type) => `\`${type}\``);
      const like = first.get(types.join());
      if (like === undefined) first.set(types.join(), name);
      return [name, types.length > 3 && like !== undefined ? [`as \`${like}\``] : types];
    }),
  );
}

function row({ name }: Meter, { by, from }: MeterSource, recorded: ReadonlyMap<string, readonly string[]>): string[] {
  const missing = unbuilt(name, by);
  const proof = proofOf(name, by);
  const types = by === "notification" ? (recorded.get(name) ?? []) : [];
  return [
    `\`${name}\``,
    by,
    `\`${from}\``,
    types.join(", "),
    missing === undefined ? (proof === undefined ? "" : linked(proof)) : `not read: ${missing.instead}`,
  ];
}

const linked = ({ file, title }: Proof): string => `[${title.replaceAll("|", "\\|")}](../${file})`;

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => "---"), ...rows]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n")
    .concat("\n");

const INTRODUCTION = `# What is covered

Every meter of the [catalogue](meters.md) by each of its sources: in that source's own words, by which event types a recorded cloud's
notifications came to it (half an hour of a real one, in \`test/captures\`), and the test that holds it. A source that is named and that nothing here
reads yet says so, and what tells the same meanwhile.

This page is generated (\`UPDATE=1 npx vitest run test/catalogue\` writes it): the test is the one that says most of the meter by that source, or the
first that names it, and a meter without one fails the build. What Ceilometer tells otherwise stands in [meters.md](meters.md).
`;

const BEYOND = `## Beyond Ceilometer

What neither Ceilometer nor what is used beside it does, by the numbers under which it was asked for, and the tests that show it here.
`;
