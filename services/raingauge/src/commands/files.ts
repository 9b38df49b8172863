import { writeFileSync } from "node:fs";

/** Into which file each form of a document is written that was asked for. */
export type Files<Form extends string> = { readonly [Each in Form]?: string };

export async function writeFiles<Form extends string>(
  files: Files<Form>,
  forms: readonly Form[],
  contentOf: (form: Form) => Promise<ArrayBuffer>,
): Promise<void> {
  for (const form of forms) {
    const file = files[form];
    if (file !== undefined) writeFileSync(file, Buffer.from(await contentOf(form)));
  }
}
