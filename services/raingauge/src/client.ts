/** Where a running Raingauge answers, and as whom we ask. */
export interface Door {
  readonly url: string;
  readonly token: string;
}

/** What the API refused, in its own words; or that it did not answer. Its message is for the person who typed the command. */
export class Refused extends Error {
  override readonly name = "Refused";
}

/** Asks the running service. Throws Refused with one clear sentence. */
export async function ask(
  door: Door,
  path: string,
  { method = "GET", accept = "application/json", ...content }: Asking = {},
): Promise<Response> {
  const { type, text } = contentOf(content);
  const response = await reached(door, path, {
    method,
    headers: { accept, authorization: `Bearer ${door.token}`, ...(type === undefined ? {} : { "content-type": type }) },
    ...(text === undefined ? {} : { body: text }),
  });
  if (response.ok) return response;
  throw new Refused(await sentence(response));
}

interface Asking {
  readonly method?: "GET" | "POST" | "PUT" | "DELETE";
  readonly body?: unknown;
  readonly yaml?: string;
  readonly accept?: string;
}

function contentOf({ body, yaml }: Pick<Asking, "body" | "yaml">): { readonly type?: string; readonly text?: string } {
  if (yaml !== undefined) return { type: "application/yaml", text: yaml };
  return body === undefined ? {} : { type: "application/json", text: JSON.stringify(body) };
}

/** As `ask`, decoded. The shape is the API's own promise (its OpenAPI document); nothing is computed from it here. */
export const asked = async <T>(door: Door, path: string, asking?: Asking): Promise<T> =>
  jsonOf(await ask(door, path, asking)) as Promise<T>;

const jsonOf = (response: Response): Promise<unknown> =>
  response.status === 204 ? Promise.resolve(undefined) : response.json();

/** Whether something answers there. */
export const isAlive = (url: string): Promise<boolean> =>
  fetch(new URL("/healthz", url)).then(
    ({ ok }) => ok,
    () => false,
  );

async function reached(door: Door, path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(new URL(path, door.url), init);
  } catch {
    throw new Refused(
      `nothing answers at ${door.url}: start it with "raingauge up", or say where it is with --url or RAINGAUGE_URL`,
    );
  }
}

async function sentence(response: Response): Promise<string> {
  const problem = (await response.json().catch(() => ({}))) as ProblemAnswer;
  const wrong = problem.errors?.map(({ where, says }) => `${where} ${says}`).join("; ");
  const said = [
    wrong === undefined ? problem.title : problem.title?.replace(/; `errors` says.*/, ""),
    problem.detail,
    wrong,
  ]
    .filter((part) => part !== undefined)
    .join(": ");
  return `${said === "" ? response.statusText : said} (${problem.code ?? response.status})`;
}

interface ProblemAnswer {
  readonly title?: string;
  readonly detail?: string;
  readonly code?: string;
  readonly errors?: readonly { readonly where: string; readonly says: string }[];
}
