/**
 * Whose data a caller may see. A required argument of every query, so that no route can forget it. An empty set of
 * projects sees nothing.
 */
export type Scope = { readonly kind: "all" } | { readonly kind: "projects"; readonly projects: ReadonlySet<string> };

export const EVERYTHING: Scope = { kind: "all" };

export const projects = (...ids: readonly string[]): Scope => ({ kind: "projects", projects: new Set(ids) });

export const permits = (scope: Scope, project: string): boolean => scope.kind === "all" || scope.projects.has(project);

/** What both allow: a query for some projects by a caller of others. */
export function narrowed(scope: Scope, wanted: Iterable<string> | undefined): Scope {
  if (wanted === undefined) return scope;
  return { kind: "projects", projects: new Set([...wanted].filter((project) => permits(scope, project))) };
}
