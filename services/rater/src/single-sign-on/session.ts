import { at, EVERYTHING, type Instant, projects, sharesOf } from "@raingauge/domain";
import type { Ledger, Role } from "@raingauge/ledger";
import { z } from "zod";
import type { Access } from "../identity/identity.ts";
import type { ClaimNames } from "./settings.ts";

/** Somebody who signed in, as their browser carries it: signed, so that nobody else can have written it. */
export const Session = z.object({
  subject: z.string(),
  name: z.string(),
  role: z.enum(["admin", "finance", "reader"]),
  projects: z.array(z.string()),
  accounts: z.array(z.string()),
  /** Milliseconds; after this it is as if there were none. */
  until: z.number().int(),
});
export type Session = z.output<typeof Session>;

type Claims = Readonly<Record<string, unknown>>;

/** What an issuer says of somebody; undefined where it gives them no role here. */
export function sessionOf(claims: Claims, names: ClaimNames, until: Instant): Session | undefined {
  const held = wordsOf(claims, names.roles);
  const role = ORDER.find((each) => names[each].some((name) => held.includes(name)));
  const subject = claims["sub"];
  if (role === undefined || typeof subject !== "string") return undefined;
  const name = [claims["preferred_username"], claims["email"], claims["name"]].find((each) => typeof each === "string");
  const own = { projects: wordsOf(claims, names.projects), accounts: wordsOf(claims, names.accounts) };
  return { subject, name: name ?? subject, role, ...own, until };
}

const ORDER: readonly Role[] = ["admin", "finance", "reader"];

/** A list of words, or one; where the name has dots and no claim is called so, what they lead to. */
function wordsOf(claims: Claims, name: string): string[] {
  const found =
    claims[name] ?? name.split(".").reduce<unknown>((value, key) => (isRecord(value) ? value[key] : undefined), claims);
  return [found].flat().filter((word) => typeof word === "string");
}

const isRecord = (value: unknown): value is Claims => typeof value === "object" && value !== null;

/** What they may see, asked anew each time: an account's projects come and go while somebody is signed in. */
export async function accessOf(
  { subject, name, role, projects: named, accounts }: Session,
  ledger: Pick<Ledger, "accounts" | "placements">,
  now: Instant,
): Promise<Access> {
  const caller = { name, role, id: subject };
  if (role !== "reader") return { caller, scope: EVERYTHING };
  return {
    caller,
    scope: projects(...named, ...(accounts.length === 0 ? [] : await projectsOf(accounts, ledger, now))),
  };
}

/** The projects that the accounts pay for now. */
async function projectsOf(
  accounts: readonly string[],
  ledger: Pick<Ledger, "accounts" | "placements">,
  now: Instant,
): Promise<string[]> {
  const versions = (await ledger.accounts(EVERYTHING)).filter(({ validFrom }) => validFrom <= now);
  const current = [...Map.groupBy(versions, ({ account }) => account.id).values()].flatMap((each) => each.at(-1) ?? []);
  const placements = await ledger.placements();
  const candidates = new Set([
    ...current.flatMap(({ account }) => account.members.filter(({ kind }) => kind === "project").map(({ id }) => id)),
    ...placements.map(({ project }) => project),
  ]);
  const moment = { start: now, end: at(now + 1) };
  const all = current.map(({ account }) => account);
  return [...candidates].filter((project) =>
    sharesOf(project, all, placements, moment).shares.some(({ account }) => accounts.includes(account)),
  );
}
