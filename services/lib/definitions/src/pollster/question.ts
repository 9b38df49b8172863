import type { Place } from "@raingauge/wire";
import type { Located } from "../document.ts";
import { evaluate, type Scope } from "../operation/evaluate.ts";
import { parseOperation } from "../operation/parse.ts";
import { OperationError } from "../operation/syntax.ts";
import type { Problem } from "../problem.ts";
import { isTable } from "../table.ts";
import { type Attribute, attribute } from "./attribute.ts";

/** What is asked, of whom, and how its answer is read. */
export interface Question {
  readonly asks: Asked;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  /** Tried in this order until one understands the answer. */
  readonly handlers: readonly Handler[];
  /** Where the entries stand; under the first key where it is not said. */
  readonly entries: Attribute | undefined;
  readonly next: Attribute | undefined;
  /** Two questions of one key are one. */
  readonly key: string;
}

export type Asked =
  /** A service of the cloud's, by its type in Keystone's catalog. */
  | { readonly by: "catalog"; readonly service: string; readonly path: (scope: Scope) => string }
  /** Somebody else, who wants to be shown something. */
  | { readonly by: "address"; readonly url: string; readonly showing: Showing }
  /** A command of a shell on the agent's host. */
  | { readonly by: "command"; readonly command: string };

export interface Showing {
  readonly kind: "basic" | "s3";
  /** Who, and a secret; where it is not written down, Barbican is asked for it under this id. */
  readonly parameters: () => string;
  readonly barbicanSecret: string;
}

export type Handler = "json" | "xml" | "text";
const HANDLERS: readonly Handler[] = ["json", "xml", "text"];

export const QUESTION_KEYS = [
  "endpoint_type",
  "url_path",
  "headers",
  "timeout",
  "response_handlers",
  "response_entries_key",
  "next_sample_url_attribute",
  "host_command",
  "module",
  "authentication_object",
  "authentication_parameters",
  "barbican_secret_id",
];

type Written = Readonly<Record<string, unknown>>;
type Tell = (problem: Problem) => void;

/** `names`: what a path may be made of; an extra question's is made of what was read before. */
export function questionOf(
  document: Located,
  place: Place,
  written: Written,
  names: readonly string[],
  tell: Tell,
): Question | undefined {
  const wrong = (key: string, says: string): void => tell(document.problem([...place, key], says));
  const asks = askedOf(written, names, wrong);
  const handlers = written["response_handlers"] ?? ["json"];
  if (!Array.isArray(handlers) || handlers.length === 0 || !handlers.every((each) => HANDLERS.includes(each))) {
    wrong("response_handlers", `not a list of ${HANDLERS.join(", ")}`);
  }
  const timeout = written["timeout"] ?? TIMEOUT_SECONDS;
  if (typeof timeout !== "number" || !(timeout > 0 && timeout <= 3_600)) {
    wrong("timeout", "not a number of seconds up to 3600");
  }
  const optional = (key: string): Attribute | undefined =>
    written[key] === undefined || written[key] === null || written[key] === ""
      ? undefined
      : attribute(document, [...place, key], written[key], tell);
  const headers = headersOf(written["headers"], wrong);
  const next = optional("next_sample_url_attribute");
  if (next !== undefined && asks?.by === "command") {
    wrong("next_sample_url_attribute", "an answer does not say which command runs next");
  }
  if (asks === undefined) return undefined;
  return {
    asks,
    headers,
    timeoutSeconds: Number(timeout),
    handlers: Array.isArray(handlers) ? handlers : [],
    entries: optional("response_entries_key"),
    next,
    key: JSON.stringify(QUESTION_KEYS.map((key) => written[key] ?? null)),
  };
}

const TIMEOUT_SECONDS = 30;

function askedOf(
  written: Written,
  names: readonly string[],
  wrong: (key: string, says: string) => void,
): Asked | undefined {
  const { host_command: command, module, url_path: path, endpoint_type: service } = written;
  if (command !== undefined) return commandOf(command, names, wrong);
  if (typeof path !== "string" || path === "") {
    wrong("url_path", "missing");
    return undefined;
  }
  if (module !== undefined) return outsiderOf(written, path, wrong);
  if (typeof service !== "string" || service === "") {
    wrong("endpoint_type", "missing: which service of the catalog is asked");
    return undefined;
  }
  if (/^https?:/i.test(path))
    wrong("url_path", "a whole address: a token goes to what the catalog names and nowhere else");
  return { by: "catalog", service, path: pathOf(path, names) };
}

/**
 * A path that is an operation over what may be named is one, anything else is itself, as Ceilometer has it. Throws
 * OperationError where what it is made of is not there.
 */
function pathOf(path: string, names: readonly string[]): (scope: Scope) => string {
  if (names.length === 0) return () => path;
  try {
    const expression = parseOperation(path, names);
    return (scope) => {
      const made = evaluate(expression, scope);
      if (typeof made === "string") return made;
      throw new OperationError("the path is no text");
    };
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    return () => path;
  }
}

function commandOf(
  command: unknown,
  names: readonly string[],
  wrong: (key: string, says: string) => void,
): Asked | undefined {
  if (typeof command !== "string" || command.trim() === "") wrong("host_command", "not a command");
  else if (names.length > 0) wrong("host_command", "no command is made of what an answer says");
  else return { by: "command", command };
  return undefined;
}

/** Python's modules are not loaded; those that are known by name are done here. */
const SHOWN: Readonly<Record<string, Showing["kind"]>> = {
  "awsauth.S3Auth": "s3",
  "requests.auth.HTTPBasicAuth": "basic",
};

function outsiderOf(written: Written, url: string, wrong: (key: string, says: string) => void): Asked | undefined {
  const {
    module,
    authentication_object: object,
    authentication_parameters: parameters,
    barbican_secret_id: secret,
  } = written;
  const kind = SHOWN[`${String(module)}.${String(object)}`];
  if (kind === undefined) {
    wrong(
      "module",
      `no Python is loaded: ${Object.keys(SHOWN).join(" and ")} are understood, not ${String(module)}.${String(object)}`,
    );
  }
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) wrong("url_path", "not an http or https URL");
  const shown = typeof parameters === "string" ? parameters : "";
  const barbicanSecret = typeof secret === "string" ? secret : "";
  if (shown.split(",").length < 2 && barbicanSecret === "") {
    wrong("authentication_parameters", "who and with what, separated by a comma; or a barbican_secret_id");
  }
  if (kind === undefined) return undefined;
  // A function, so that whoever prints a definition prints no secret.
  return { by: "address", url, showing: { kind, parameters: () => shown, barbicanSecret } };
}

function headersOf(written: unknown, wrong: (key: string, says: string) => void): Readonly<Record<string, string>> {
  if (written === undefined || written === null) return {};
  const tables: readonly unknown[] = Array.isArray(written) ? written : [written];
  if (!tables.every(isTable)) {
    wrong("headers", "not a table of headers");
    return {};
  }
  const headers = Object.entries(Object.assign({}, ...tables) as Written).map(
    ([name, value]) => [name.toLowerCase(), String(value)] as const,
  );
  for (const [name, value] of headers) {
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name) || /[\r\n\0]/.test(value)) wrong("headers", `${name} is no header`);
    if (name === "x-auth-token" || name === "host") wrong("headers", `${name} is set by the agent itself`);
  }
  return Object.fromEntries(headers);
}
