import { ApiError, type Call, type CloudSession, isObject, type List, type Payload } from "@raingauge/openstack";

/** What may be asked of a cloud. */
export type Asking = Pick<CloudSession, "fetch" | "get" | "pages">;

/** Every item of a list, page by page. */
export async function everyItem(asking: Pick<Asking, "pages">, list: List): Promise<Payload[]> {
  const found: Payload[] = [];
  for await (const { items } of asking.pages(list)) found.push(...items);
  return found;
}

/** A list that comes whole: its API knows no pages, and newer ones refuse to be asked for some. */
export async function wholeList(asking: Pick<Asking, "get">, call: Call, items: string): Promise<readonly Payload[]> {
  const { body } = await asking.get(call);
  const said = body[items];
  if (Array.isArray(said) && said.every(isObject)) return said;
  throw new ApiError("unreadable", `${call.path}: the answer holds no list of ${items}`);
}

/** Every project there is. Throws ApiError for a list that Keystone cut short. */
export async function projectsOf(asking: Pick<Asking, "get">): Promise<readonly Project[]> {
  const { body } = await asking.get({ service: "identity", version: "v3", path: "/projects" });
  if (body["truncated"] === true)
    throw new ApiError("unreadable", "/projects: the list is cut short by Keystone's list_limit");
  const said = body["projects"];
  if (!Array.isArray(said)) throw new ApiError("unreadable", "/projects: the answer holds no list of projects");
  return said
    .filter(isObject)
    .map((project) => ({ id: String(project["id"]), name: String(project["name"] ?? ""), said: project }));
}

export interface Project {
  readonly id: string;
  readonly name: string;
  readonly said: Payload;
}
