import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { isObject, type Payload } from "../notification.ts";
import { CloudError } from "./cloud-error.ts";

/** What an operator wrote about a cloud, by the names of clouds.yaml: `auth_url`, `project_name`, … */
export type Written = ReadonlyMap<string, string>;

/**
 * A cloud out of the first clouds.yaml there is: where `OS_CLIENT_CONFIG_FILE` says, in the user's own folder, or in
 * /etc/openstack. A secure.yaml beside it adds what must not stand in the other. Not in the working folder, as the
 * `openstack` command does: a service's working folder is nobody's choice.
 */
export function fromCloudsYaml(env: Readonly<Record<string, string | undefined>>, name: string): Written {
  const files = placesIn(env);
  const found = files.map((file) => ({ file, clouds: cloudsIn(file) })).find(({ clouds }) => clouds !== undefined);
  if (found === undefined) throw new CloudError([`there is no clouds.yaml (looked for ${files.join(", ")})`]);
  const said = found.clouds?.[name];
  if (!isObject(said)) throw new CloudError([`${found.file} describes no cloud ${name}`]);
  const secret = cloudsIn(join(dirname(found.file), "secure.yaml"))?.[name];
  return new Map([...flat(said), ...flat(isObject(secret) ? secret : {})]);
}

function placesIn({ OS_CLIENT_CONFIG_FILE, XDG_CONFIG_HOME, HOME }: Readonly<Record<string, string | undefined>>) {
  if (OS_CLIENT_CONFIG_FILE) return [OS_CLIENT_CONFIG_FILE];
  const own = XDG_CONFIG_HOME || (HOME ? join(HOME, ".config") : undefined);
  return [...(own === undefined ? [] : [join(own, "openstack/clouds.yaml")]), "/etc/openstack/clouds.yaml"];
}

function cloudsIn(file: string): Payload | undefined {
  const written = contentOf(file);
  if (written === undefined) return undefined;
  const clouds = isObject(written) ? written["clouds"] : undefined;
  if (!isObject(clouds)) throw new CloudError([`${file} has no clouds`]);
  return clouds;
}

function contentOf(file: string): unknown {
  try {
    return parse(readFileSync(file, "utf8"));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    // What is wrong with YAML is shown with the line that it stands in, which may be the password's.
    const isYaml = error instanceof Error && error.name.startsWith("YAML");
    const reason = isYaml ? "it is not YAML" : error instanceof Error ? error.message : String(error);
    throw new CloudError([`${file} cannot be read: ${reason}`]);
  }
}

/** `auth:` is a map of its own there, and of one kind with the rest to us. */
const flat = ({ auth, ...rest }: Payload): [string, string][] =>
  Object.entries({ ...rest, ...(isObject(auth) ? auth : {}) }).flatMap(([key, value]) =>
    ["string", "number", "boolean"].includes(typeof value) && value !== "" ? [[key, String(value)]] : [],
  );
