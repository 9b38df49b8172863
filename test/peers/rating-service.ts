import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { privatePort, type Server } from "@raingauge/harness";
import { Installed } from "../journeys/command.ts";
import { keystone, PASSWORD } from "./keystone.ts";

/** Raingauge in CloudKitty's place: a Keystone whose catalog names it, and what the clients need to log in there. */
export interface RatingService extends AsyncDisposable {
  readonly identity: Server;
  readonly installed: Installed;
  /** Where CloudKitty's API answers. */
  readonly endpoint: string;
  readonly scratch: string;
  /** Of an administrator who logs in with a password. */
  readonly env: Readonly<Record<string, string>>;
}

export async function ratingService(): Promise<RatingService> {
  const scratch = mkdtempSync(join(tmpdir(), "raingauge-peers-"));
  const identity = await keystone();
  const env = {
    PATH: "/usr/bin:/bin",
    HOME: scratch,
    OS_AUTH_URL: identity.url,
    OS_USERNAME: "admin",
    OS_PASSWORD: PASSWORD,
    OS_PROJECT_NAME: "admin",
    OS_USER_DOMAIN_ID: "default",
    OS_PROJECT_DOMAIN_ID: "default",
    OS_IDENTITY_API_VERSION: "3",
    OS_REGION_NAME: "RegionOne",
  };
  const auth = `{auth_url: "${identity.url}", username: admin, password: ${PASSWORD}, project_name: admin, user_domain_id: default, project_domain_id: default}`;
  writeFileSync(join(scratch, "clouds.yaml"), `clouds:\n  peer:\n    region_name: RegionOne\n    auth: ${auth}\n`);
  const port = await privatePort();
  const endpoint = `http://127.0.0.1:${port}/rating`;
  const installed = new Installed({
    RAINGAUGE_LISTEN_PORT: String(port),
    RAINGAUGE_KEYSTONE_CLOUD: "peer",
    OS_CLIENT_CONFIG_FILE: join(scratch, "clouds.yaml"),
  });
  await installed.up();
  const openstack = (...args: readonly string[]) => promisify(execFile)("/usr/bin/openstack", [...args], { env });
  await openstack("service", "create", "rating", "--name", "raingauge");
  await openstack("endpoint", "create", "--region", "RegionOne", "rating", "public", endpoint);
  return {
    identity,
    installed,
    endpoint,
    scratch,
    env,
    [Symbol.asyncDispose]: async () => {
      await installed[Symbol.asyncDispose]();
      await identity.stop();
      rmSync(scratch, { recursive: true, force: true });
    },
  };
}

/** A token of the administrator's for the project admin, and that project's id. */
export async function adminOf({
  identity,
}: Pick<RatingService, "identity">): Promise<{ token: string; project: string }> {
  const domain = { id: "default" };
  const user = { name: "admin", password: PASSWORD, domain };
  const answer = await fetch(`${identity.url}/auth/tokens`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      auth: { identity: { methods: ["password"], password: { user } }, scope: { project: { name: "admin", domain } } },
    }),
  });
  const { token } = (await answer.json()) as { token: { project: { id: string } } };
  return { token: answer.headers.get("x-subject-token") ?? "", project: token.project.id };
}
