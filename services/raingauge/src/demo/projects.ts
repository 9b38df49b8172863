import type { IssuedInvoiceView } from "@raingauge/wire";
import type { Recorded } from "./recording.ts";

const NAMED = /"_context_project_id\\?": \\?"([^"\\]+)\\?".*?"_context_project_name\\?": \\?"([^"\\]+)\\?"/;

/** How the recorded cloud calls its projects, as far as its messages say so. */
export function projectNames(messages: Iterable<Recorded>): Map<string, string> {
  const names = new Map<string, string>();
  for (const { body } of messages) {
    const [, id, name] = NAMED.exec(body) ?? [];
    if (id !== undefined && name !== undefined) names.set(id, name);
  }
  return names;
}

export const named = ({ account }: IssuedInvoiceView, names: ReadonlyMap<string, string>): string => {
  const name = names.get(account.id);
  return name === undefined ? account.id : `${name} (${account.id})`;
};
