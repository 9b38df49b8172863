import createClient, { type Client } from "openapi-fetch";
import type { paths } from "./paths.ts";

export type { components, operations, paths } from "./paths.ts";

export interface Door {
  /** Where the API answers, e.g. `http://127.0.0.1:8780`. */
  readonly url: string;
  /** A token of Keystone's, or a local one. */
  readonly token: string;
}

/**
 * The API for programs in TypeScript: paths, parameters and answers are typed as its own OpenAPI document describes them. A
 * problem comes back as `error` with its stable `code`, and is not thrown. What is a page, too, is asked for as JSON.
 */
export const raingauge = ({ url, token }: Door): Client<paths, "application/json"> =>
  createClient<paths, "application/json">({ baseUrl: url, headers: { "x-auth-token": token } });
