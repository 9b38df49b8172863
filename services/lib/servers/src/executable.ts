import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Debian keeps servers in /usr/sbin, which is not on everybody's PATH. */
const MORE_PLACES = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

/** Where a program is, looking in `places` first, then along PATH. */
// biome-ignore-start lint/style/noProcessEnv: a program is looked for where a shell would look for it
export const executable = (name: string, places: readonly string[] = []): string | undefined =>
  [...places, ...(process.env["PATH"] ?? "").split(delimiter), ...MORE_PLACES]
    .filter((place) => place !== "")
    .map((place) => join(place, name))
    .find((path) => existsSync(path));
// biome-ignore-end lint/style/noProcessEnv: as above
