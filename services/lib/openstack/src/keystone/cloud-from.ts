import { type Cloud, type Domain, type Identity, INTERFACES, type Named, type Scope } from "./cloud.ts";
import { CloudError } from "./cloud-error.ts";
import { fromCloudsYaml, type Written } from "./clouds-yaml.ts";

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * The cloud of this name out of clouds.yaml; without a name (here or in `OS_CLOUD`) the one that the `OS_*` variables
 * describe. Undefined where neither says anything. Throws CloudError.
 */
export function cloudFrom(env: Variables, name: string | undefined = env["OS_CLOUD"] || undefined): Cloud | undefined {
  if (name !== undefined) return cloud(fromCloudsYaml(env, name), (field) => `${field} of the cloud ${name}`);
  const written = fromVariables(env);
  return written.has("auth_url") ? cloud(written, (field) => `OS_${field.toUpperCase()}`) : undefined;
}

const fromVariables = (env: Variables): Written =>
  new Map(
    Object.entries(env).flatMap(([variable, value]) =>
      variable.startsWith("OS_") && value ? [[variable.slice(3).toLowerCase(), value] as const] : [],
    ),
  );

/** How a field is called where it was written. */
type Called = (field: string) => string;

function cloud(written: Written, called: Called): Cloud {
  const problems: string[] = [];
  const need = (field: string): string => written.get(field) ?? missing(problems, called(field));
  const authUrl = versioned(need("auth_url"), problems, called);
  const identity = identityOf(written, need, problems, called);
  const face = (written.get("interface") ?? written.get("endpoint_type") ?? "public").replace(/URL$/, "");
  const known = INTERFACES.find((each) => each === face);
  if (known === undefined) problems.push(`${called("interface")} must be one of ${INTERFACES.join(", ")}`);
  if (problems.length > 0) throw new CloudError(problems);
  return {
    authUrl,
    region: written.get("region_name"),
    interface: known ?? "public",
    identity,
    caFile: written.get("cacert"),
    verify: !isSaid(written.get("insecure")) && (written.get("verify") ?? "true").toLowerCase() !== "false",
  };
}

function missing(problems: string[], field: string): string {
  problems.push(`${field} is missing`);
  return "";
}

/** Operators write the address with and without its version; there is only one that still lives. */
function versioned(url: string, problems: string[], called: Called): string {
  const isUrl = URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
  if (!isUrl && url !== "") problems.push(`${called("auth_url")} must be a URL that begins with http: or https:`);
  return `${url.replace(/\/+$/, "").replace(/\/v(2\.0|3)$/, "")}/v3`;
}

type Need = (field: string) => string;

function identityOf(written: Written, need: Need, problems: string[], called: Called): Identity {
  if (isCredential(written)) {
    const id = written.get("application_credential_id");
    const secret = need("application_credential_secret");
    const credential =
      id === undefined
        ? { name: need("application_credential_name"), user: named(written, need, "user", "username") }
        : { id };
    return { kind: "application_credential", credential, secret: () => secret };
  }
  const type = written.get("auth_type") ?? "password";
  if (!PASSWORD_TYPES.includes(type)) {
    problems.push(`${called("auth_type")} must be password or v3applicationcredential, not ${JSON.stringify(type)}`);
  }
  const password = need("password");
  const user = named(written, need, "user", "username");
  return { kind: "password", user, password: () => password, scope: scope(written, need) };
}

const PASSWORD_TYPES = ["password", "v3password"];

const isCredential = (written: Written): boolean =>
  written.get("auth_type") === "v3applicationcredential" ||
  written.has("application_credential_id") ||
  written.has("application_credential_secret");

const scope = (written: Written, need: Need): Scope =>
  written.has("system_scope")
    ? { kind: "system" }
    : { kind: "project", project: named(written, need, "project", "project_name") };

/** By its id where that is written, else by its name and domain. */
function named(written: Written, need: Need, what: "user" | "project", name: string): Named {
  const id = written.get(`${what}_id`) ?? (what === "project" ? written.get("tenant_id") : undefined);
  if (id !== undefined) return { id };
  const old = what === "project" ? written.get("tenant_name") : undefined;
  return { name: old ?? need(name), domain: domain(written, what) };
}

function domain(written: Written, what: "user" | "project"): Domain {
  const name = written.get(`${what}_domain_name`) ?? written.get("domain_name");
  const id = written.get(`${what}_domain_id`) ?? written.get("domain_id");
  if (id === undefined && name !== undefined) return { name };
  return { id: id ?? written.get("default_domain") ?? "default" };
}

const isSaid = (text: string | undefined): boolean => ["true", "yes", "1"].includes(text?.toLowerCase() ?? "");
