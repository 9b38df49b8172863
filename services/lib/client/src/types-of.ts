import openapiTS, { astToString, COMMENT_HEADER, type OpenAPI3 } from "openapi-typescript";

/**
 * The TypeScript that describes an API, out of its OpenAPI document, whose examples are for readers of the reference. Run by the
 * test that keeps `paths.ts` current.
 */
export const typesOf = async (document: OpenAPI3): Promise<string> =>
  COMMENT_HEADER +
  lists(astToString(await openapiTS(withoutExamples(document), { immutable: true, alphabetize: true })));

const withoutExamples = (document: OpenAPI3): OpenAPI3 => JSON.parse(JSON.stringify(document, leaveOut));

/** The example of a media type stands beside its schema; what is called `example` elsewhere is a name like any other. */
const leaveOut = (_key: string, value: unknown): unknown => {
  if (typeof value !== "object" || value === null || !("schema" in value) || !("example" in value)) return value;
  const { example: _, ...media } = value;
  return media;
};

/** What fetches by these types takes a list that is read-only apart into its methods, and nothing can be done with it any more. */
const lists = (types: string): string => types.replace(/(?<=[:|&(<] )readonly /g, "");
