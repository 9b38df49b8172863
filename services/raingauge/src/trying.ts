import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { asideLine, type Definitions, filesOf, readDefinitions, sentenceOf } from "@raingauge/definitions";
import { EnvelopeError, type Notification, openEnvelope } from "@raingauge/openstack";
import { EXIT_CONFIG } from "@raingauge/runtime";
import { answerLines, answerTrials } from "./answer-trial.ts";
import { Refused } from "./client.ts";
import { planOf } from "./polling-plan.ts";
import { type Trial, trial } from "./trial.ts";

export interface TryOptions {
  readonly message?: string;
  readonly answer?: string;
  readonly pollster?: string;
  readonly json?: boolean;
}

/** Says what definitions come to, and what of a message or an answer they make. */
export function tryDefinitions(paths: readonly string[], { message, answer, pollster, json }: TryOptions): void {
  const { definitions, problems } = readDefinitions(paths.flatMap(reading(filesOf)));
  const trials = message === undefined ? [] : reading(recorded)(message).map((each) => trial(definitions, each));
  const answers = answer === undefined ? [] : answerTrials(definitions, pollster, reading(written)(answer));
  if (problems.length > 0) process.exitCode = EXIT_CONFIG;
  const summary = summaryOf(definitions);
  if (json === true) {
    const said = {
      problems: problems.map(sentenceOf),
      ...summary,
      ...(message === undefined ? {} : { trials }),
      ...(answer === undefined ? {} : { answers }),
    };
    process.stdout.write(`${JSON.stringify(said, undefined, 2)}\n`);
    return;
  }
  const isTried = message !== undefined || answer !== undefined;
  const lines = [
    ...problems.map(sentenceOf),
    ...(isTried ? [...trials.flatMap(linesOf), ...answers.flatMap(answerLines)] : told(summary)),
    ...(problems.length === 0 ? [] : [`${problems.length} to mend: a service with these definitions does not start`]),
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}

const summaryOf = ({ meters, own, aside, events, pollsters, unasked, polling, passed }: Definitions) => ({
  meters: own.map(({ name, kind, unit, resourceType, dimensions, existence }) => ({
    name,
    kind,
    unit,
    resourceType,
    dimensions,
    existence,
  })),
  heard: meters.map(({ name, file, line, eventTypes }) => ({ name, at: `${file}:${line}`, eventTypes })),
  aside: [...aside, ...unasked].map(asideLine),
  passed: passed.map(sentenceOf),
  asked: pollsters.map(({ name, file, line, question, namespaces }) => ({
    name,
    at: `${file}:${line}`,
    of: question.asks.by === "catalog" ? question.asks.service : question.asks.by,
    namespaces,
  })),
  polling: polling === undefined ? undefined : planOf({ polling, pollsters }),
  events: events.map(({ file, line, eventTypes, traits }) => ({
    at: `${file}:${line}`,
    eventTypes,
    traits: traits.map(({ name }) => name),
  })),
});

const told = ({
  meters,
  heard,
  aside,
  events,
  passed,
  asked,
  polling,
}: ReturnType<typeof summaryOf>): readonly string[] => [
  ...heard.map(({ name, at, eventTypes }) => `${at}: ${name} from ${eventTypes.join(", ")}`),
  ...meters.map(
    ({ name, kind, unit, dimensions }) =>
      `new meter ${name}: ${kind} in ${unit}${dimensions.length === 0 ? "" : `, by ${dimensions.join(", ")}`}`,
  ),
  ...asked.map(({ name, at, of, namespaces }) => `${at}: ${name} asked of ${of} (${namespaces.join(", ")})`),
  ...aside.map(({ meter, at, why }) => `${at}: ${meter} set aside: ${why}`),
  ...events.map(({ at, eventTypes, traits }) => `${at}: ${traits.length} traits of ${eventTypes.join(", ")}`),
  ...passed,
  ...(polling ?? []).map(({ what, seconds }) =>
    seconds === undefined ? `${what}: not asked` : `${what}: every ${seconds} s`,
  ),
];

const linesOf = ({ type, message, samples, nothing, deaf, event }: Trial): readonly string[] => [
  `${type} ${message}`,
  ...samples.map(
    ({ meter, at, value, unit, resource, project = "nobody", dimensions, aside }) =>
      `  ${meter} ${value} ${unit} of ${resource} for ${project}${listed(dimensions)} (${at}${aside === undefined ? "" : `; not stored: ${aside}`})`,
  ),
  ...nothing.map(({ meter, at, why }) => `  ${meter}: nothing, for ${why} (${at})`),
  ...(event === undefined ? ["  no definition of events hears it"] : [`  event${listed(event.traits)} (${event.at})`]),
  ...(event?.unfit ?? []).map((name) => `  trait ${name}: left out, it does not fit its type`),
  ...(deaf.length === 0 ? [] : [`  not heard by ${deaf.join(", ")}`]),
];

const listed = (values: Readonly<Record<string, unknown>>): string =>
  Object.entries(values)
    .map(([name, value]) => ` ${name}=${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join("");

const written = (file: string): string => readFileSync(file, "utf8");

/** One message as JSON, or many as JSON lines; each as it is, or in a recording's `body`. */
function recorded(file: string): readonly Notification[] {
  const bytes = readFileSync(file);
  const text = (file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
  return wholeOrLines(text).map((said) =>
    openEnvelope(typeof said === "object" && said !== null && "body" in said ? said.body : said),
  );
}

function wholeOrLines(text: string): readonly unknown[] {
  try {
    const whole: unknown = JSON.parse(text);
    return Array.isArray(whole) ? whole : [whole];
  } catch {
    return text
      .split("\n")
      .filter((line) => line.trim() !== "")
      .map((line) => JSON.parse(line) as unknown);
  }
}

/** What a person can mend is one sentence. */
const reading =
  <T>(read: (path: string) => T) =>
  (path: string): T => {
    try {
      return read(path);
    } catch (error) {
      if (error instanceof EnvelopeError || error instanceof SyntaxError) {
        throw new Refused(`${path} holds no notification: ${error.message}`);
      }
      if (error instanceof Error && "code" in error) throw new Refused(`${path} cannot be read: ${error.message}`);
      throw error;
    }
  };
