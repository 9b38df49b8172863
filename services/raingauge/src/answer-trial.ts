import {
  answered,
  type Definitions,
  identified,
  OperationError,
  type PollsterDefinition,
  polledOf,
} from "@raingauge/definitions";
import type { Meter } from "@raingauge/domain";
import { isObject } from "@raingauge/openstack";
import { NotUnderstood, understood } from "@raingauge/poller";
import { Refused } from "./client.ts";

/** What a pollster makes of a captured answer; what further questions would add is not asked. */
export interface AnswerTrial {
  readonly pollster: string;
  readonly at: string;
  /** Why the whole answer comes to nothing. */
  readonly unreadable?: string;
  readonly samples: readonly {
    readonly meter: string;
    readonly value: string;
    readonly unit: string;
    readonly resource: string;
    readonly project?: string;
    readonly dimensions: Readonly<Record<string, string>>;
  }[];
  readonly nothing: readonly string[];
  readonly next?: string;
  readonly notAsked: readonly string[];
}

/** `only`: the pollster that the answer is for. A recording of an answer is taken by its body. */
export function answerTrials(definitions: Definitions, only: string | undefined, text: string): readonly AnswerTrial[] {
  const pollsters = [...definitions.pollsters, ...definitions.unasked.map(({ definition }) => definition)].filter(
    ({ name }) => only === undefined || name === only,
  );
  if (pollsters.length === 0)
    throw new Refused(only === undefined ? "no pollster is defined" : `no pollster is called ${only}`);
  const own = new Map<string, Meter>(definitions.own.map((meter) => [meter.name, meter]));
  return pollsters.map((pollster) => tried(pollster, (name) => own.get(name), text));
}

function tried(
  pollster: PollsterDefinition,
  meterNamed: (name: string) => Meter | undefined,
  text: string,
): AnswerTrial {
  const { name, file, line, question, extras } = pollster;
  const about = { pollster: name, at: `${file}:${line}`, notAsked: extras.map((extra) => extra.name) };
  try {
    const { entries, next } = answered(question, bodyOf(understood(text, question.handlers)));
    const made = entries.flatMap((entry) =>
      isObject(entry)
        ? polledOf(pollster, meterNamed, identified(pollster, entry), {})
        : [{ nothing: "an entry is no object" }],
    );
    return {
      ...about,
      samples: made.flatMap((each) => {
        if ("nothing" in each) return [];
        const { meter, value, resource, project, dimensions } = each;
        const whose = project === undefined ? {} : { project };
        return [{ meter: meter.name, value: String(value), unit: meter.unit, resource, ...whose, dimensions }];
      }),
      nothing: made.flatMap((each) => ("nothing" in each ? [each.nothing] : [])),
      ...(next === undefined ? {} : { next }),
    };
  } catch (error) {
    if (!(error instanceof OperationError || error instanceof NotUnderstood)) throw error;
    return { ...about, unreadable: error.message, samples: [], nothing: [] };
  }
}

const bodyOf = (said: unknown): unknown =>
  isObject(said) && "response_headers" in said && "body" in said ? said["body"] : said;

export const answerLines = ({
  pollster,
  at,
  unreadable,
  samples,
  nothing,
  next,
  notAsked,
}: AnswerTrial): readonly string[] => [
  `${pollster} (${at})`,
  ...(unreadable === undefined ? [] : [`  nothing, for ${unreadable}`]),
  ...samples.map(
    ({ meter, value, unit, resource, project = "nobody", dimensions }) =>
      `  ${meter} ${value} ${unit} of ${resource} for ${project}${Object.entries(dimensions)
        .map(([name, each]) => ` ${name}=${each}`)
        .join("")}`,
  ),
  ...nothing.map((why) => `  nothing, for ${why}`),
  ...(next === undefined ? [] : [`  and on at ${next}`]),
  ...(notAsked.length === 0 ? [] : [`  not asked here: ${notAsked.join(", ")}`]),
];
