import { DEAD } from "./dead.ts";
import { STATUSES } from "./status.ts";

/** What to tell somebody who asks for a meter that is none. */
export function unmetered(name: string): string {
  const status = STATUSES.find((each) => each.name === name);
  if (status !== undefined) return `${name} is a status: see the ${status.as} ${status.key} of ${status.meter}`;
  const gone = DEAD.find((each) => stands(each.name, name));
  if (gone === undefined) return `there is no meter ${name}`;
  return `there is no meter ${name} any more${gone.instead === undefined ? "" : `: see ${gone.instead}`} (${gone.why})`;
}

const stands = (family: string, name: string): boolean =>
  family.endsWith(".*") ? name.startsWith(family.slice(0, -1)) : name === family;
