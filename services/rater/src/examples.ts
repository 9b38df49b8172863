import EXAMPLES from "./examples.json" with { type: "json" };

/** What a route was asked once, and what it answered; `examples.test.ts` asks again and holds the file to it. */
export interface Example {
  readonly url: string;
  readonly request?: { readonly type: string; readonly body: unknown };
  readonly answer: { readonly status: number; readonly type: string; readonly body: unknown };
}

type Media = Record<string, { schema?: unknown; example?: unknown }>;

interface Operation {
  readonly parameters?: { readonly name: string; readonly in: string; example?: unknown }[];
  readonly requestBody?: { readonly content?: Media };
  readonly responses?: Record<string, { readonly content?: Media }>;
}

interface Described {
  readonly paths?: Record<string, Record<string, Operation>>;
}

/** The OpenAPI document with what was really said in it: a reader sees what to send, and what comes back. */
export function withExamples<D extends object>(document: D): D {
  const copy = structuredClone(document);
  const { paths = {} } = copy as Described;
  for (const [path, operations] of Object.entries(paths))
    for (const [method, operation] of Object.entries(operations)) {
      const example = new Map<string, Example>(Object.entries(EXAMPLES)).get(`${method.toUpperCase()} ${path}`);
      if (example !== undefined) show(operation, path, example);
    }
  return copy;
}

function show({ parameters = [], requestBody, responses = {} }: Operation, path: string, example: Example): void {
  const { pathname, searchParams } = new URL(example.url, "http://server");
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
  const found = new RegExp(`^${path.replace(/\{\w+\}/g, "([^/]+)")}$`).exec(pathname)?.slice(1) ?? [];
  for (const parameter of parameters) {
    const value = parameter.in === "path" ? found[names.indexOf(parameter.name)] : searchParams.get(parameter.name);
    if (value !== undefined && value !== null) parameter.example = decodeURIComponent(value);
  }
  const sent = requestBody?.content?.[example.request?.type ?? ""];
  if (sent !== undefined) sent.example = example.request?.body;
  const answered = responses[String(example.answer.status)]?.content?.[example.answer.type];
  if (answered !== undefined) answered.example = example.answer.body;
}
