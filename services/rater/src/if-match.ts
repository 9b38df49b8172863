import { z } from "zod";

/** Headers of a write that may be refused where somebody else wrote meanwhile. Whatever else was sent stays. */
export const IfMatchHeaders = z.looseObject({
  "if-match": z
    .string()
    .max(200)
    .optional()
    .describe("The `digest` that was read: where it is another by now nothing is written (`SUPERSEDED`)."),
});

/** Quoted, as tags are, or as it is shown. */
export const digestIn = (headers: z.output<typeof IfMatchHeaders>): string | undefined =>
  headers["if-match"]?.trim().replace(/^"(.*)"$/, "$1");

export const Digest = z.string().describe("For `if-match`, by whoever changes it next.");
