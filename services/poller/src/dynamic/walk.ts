import { answered, type Question } from "@raingauge/definitions";
import { ApiError } from "@raingauge/openstack";
import { understood } from "./answer.ts";
import type { Ask } from "./askers.ts";

/** Longer than any list, and shorter than for ever. */
const PAGES_MAX = 10_000;

/**
 * The entries of an answer, page by page. Throws ApiError, CommandFailed, NotUnderstood, or OperationError where the answer is
 * not as the definition says.
 */
export async function* walk(question: Question, first: string, ask: Ask): AsyncGenerator<readonly unknown[]> {
  const walked = new Set<string>();
  for (let at: string | undefined = first; at !== undefined; ) {
    if (walked.has(at) || walked.size >= PAGES_MAX) throw new ApiError("unreadable", "its pages go in circles");
    walked.add(at);
    const { entries, next } = answered(question, understood(await ask(question, at), question.handlers));
    yield entries;
    at = next === undefined ? undefined : onwards(question, at, next);
  }
}

/**
 * Where a link leads. Services behind a proxy name addresses that nobody can reach, and what we show goes nowhere but to
 * whom we asked first: of a link to the same list only the query counts, of any other only what comes after its host.
 */
function onwards({ asks }: Question, at: string, link: string): string {
  const base = new URL(at, "http://localhost/");
  const next = new URL(link, base);
  const isSame = lastOf(next.pathname) === lastOf(base.pathname);
  if (asks.by === "address") {
    return `${base.origin}${isSame ? base.pathname : next.pathname}${next.search}`;
  }
  if (isSame) return `${at.replace(/\?.*$/s, "")}${next.search}`;
  return URL.canParse(link) || link.startsWith("/") ? `${next.pathname}${next.search}` : link;
}

const lastOf = (path: string): string => path.replace(/\/+$/, "").split("/").at(-1) ?? "";
