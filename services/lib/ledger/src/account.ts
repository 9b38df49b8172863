import { type Account, type IssuedInvoice, permits, type Scope } from "@raingauge/domain";
import { Superseded } from "./conflict.ts";

/** An account is seen by who may see all that it pays for; one over a domain, whose projects may change, by who sees everything. */
export const seesAccount = (scope: Scope, { members }: Pick<Account, "members">): boolean =>
  scope.kind === "all" ||
  (members.length > 0 && members.every(({ kind, id }) => kind === "project" && permits(scope, id)));

/** Throws Superseded where a writer read another version than the newest. */
export function refuseSuperseded(newest: { readonly digest: string } | undefined, over: string | undefined): void {
  if (over !== undefined && newest?.digest !== over)
    throw new Superseded(newest === undefined ? "there is none yet" : `the newest version is ${newest.digest}`);
}

/** What an account keeps over all its versions is seen by who may see every one of them. */
export const seesEveryVersion = (scope: Scope, versions: readonly { readonly account: Account }[]): boolean =>
  scope.kind === "all" || (versions.length > 0 && versions.every(({ account }) => seesAccount(scope, account)));

/**
 * A document is seen whole or not at all: who may see one project of an account would learn from its totals what the others
 * used. What it costs them they read from the costs of their own project.
 */
export const seesInvoice = (scope: Scope, projects: readonly string[]): boolean =>
  scope.kind === "all" || (projects.length > 0 && projects.every((id) => permits(scope, id)));

export const projectsOf = ({ invoice }: Pick<IssuedInvoice, "invoice">): string[] => [
  ...new Set(invoice.projects.map(({ id }) => id)),
];
