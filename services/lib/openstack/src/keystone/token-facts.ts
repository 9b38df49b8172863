import { isObject, type Payload } from "../notification.ts";
import { objectIn } from "./answer.ts";
import { ApiError } from "./api-error.ts";
import type { Answered } from "./http.ts";

/** What Keystone says of a token: whose it is, for what, and until when. */
export interface TokenFacts {
  readonly user: { readonly id: string; readonly name: string };
  /** By name. */
  readonly roles: readonly string[];
  readonly extent: Extent;
  /** False only where the cloud names a project for its administrators, and this is another. */
  readonly isAdminProject: boolean;
  /** Milliseconds since the epoch, by Keystone's clock. */
  readonly expiresAt: number;
}

/** What a token was made for. One for nothing can only be used to make others. */
export type Extent =
  | { readonly kind: "project"; readonly id: string; readonly domain: string }
  | { readonly kind: "domain"; readonly id: string }
  | { readonly kind: "system" }
  | { readonly kind: "nothing" };

export function factsIn(answer: Answered, asking: string): TokenFacts {
  const token = objectIn(answer, asking)["token"];
  const user = isObject(token) ? token["user"] : undefined;
  if (!isObject(token) || !isObject(user) || typeof user["id"] !== "string")
    throw new ApiError("unreadable", `${asking}: the answer describes no token`);
  const expiresAt = Date.parse(String(token["expires_at"]));
  if (Number.isNaN(expiresAt)) throw new ApiError("unreadable", `${asking}: the token does not say when it ends`);
  return {
    user: { id: user["id"], name: String(user["name"] ?? user["id"]) },
    roles: objects(token["roles"]).map(({ name }) => String(name)),
    extent: extentOf(token),
    isAdminProject: token["is_admin_project"] !== false,
    expiresAt,
  };
}

function extentOf({ project, domain, system }: Payload): Extent {
  if (isObject(project)) {
    const owner = project["domain"];
    return { kind: "project", id: String(project["id"]), domain: isObject(owner) ? String(owner["id"]) : "" };
  }
  if (isObject(domain)) return { kind: "domain", id: String(domain["id"]) };
  return isObject(system) && system["all"] === true ? { kind: "system" } : { kind: "nothing" };
}

const objects = (said: unknown): Payload[] => (Array.isArray(said) ? said.filter(isObject) : []);
