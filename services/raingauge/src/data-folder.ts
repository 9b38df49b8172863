import { userInfo } from "node:os";
import { resolve } from "node:path";
import { type Environment, path } from "@raingauge/runtime";

/** Where everything rests, unless told: root's data is the machine's; anybody else's is their own. */
export const dataFolderReader = (env: Environment) =>
  path("DATA", { fallback: resolve(userInfo().uid === 0 ? "/var/lib" : ownFolder(env), "raingauge") });

const ownFolder = (env: Environment): string => env["XDG_DATA_HOME"] ?? resolve(userInfo().homedir, ".local/share");
