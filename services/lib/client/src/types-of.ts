import openapiTS, { astToString, COMMENT_HEADER, type OpenAPI3 } from "openapi-typescript";

/** The TypeScript that describes an API, out of its OpenAPI document. Run by the test that keeps `paths.ts` current. */
export const typesOf = async (document: OpenAPI3): Promise<string> =>
  COMMENT_HEADER + astToString(await openapiTS(document, { immutable: true, alphabetize: true }));
