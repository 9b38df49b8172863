import { exact } from "./exact.ts";

/** JSON whose whole numbers keep all of their digits, however many: a float would round what a bill may hang on. */
export const parsedJson = (text: string): unknown =>
  JSON.parse(text, (_, value: unknown, context?: { readonly source?: string }) =>
    typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value)
      ? (exact(context?.source ?? "") ?? value)
      : value,
  );
