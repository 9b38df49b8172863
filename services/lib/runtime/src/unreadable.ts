/** Why a file or folder that somebody named is of no use, as they would say it. */
export function unreadable(name: string, error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return REASONS[code]?.(name) ?? (error instanceof Error ? error.message : String(error));
}

const REASONS: Readonly<Record<string, (name: string) => string>> = {
  ENOENT: (name) => `there is no ${name}`,
  EACCES: (name) => `this user has no permission for ${name}`,
  EISDIR: (name) => `${name} is a folder`,
  ENOTDIR: (name) => `${name} is no folder`,
};
