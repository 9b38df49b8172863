import { execFile } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import {
  postgresServer,
  privateFolder,
  privatePort,
  rabbitServer,
  type Server,
  serve,
  systemEngine,
} from "@raingauge/harness";
import { keystone, keystoneLacks, PASSWORD } from "./keystone.ts";

const ALL = "/usr/bin/heat-all";
const MANAGE = "/usr/bin/heat-manage";
const POLICY = "/etc/heat/policy.d";

/** Whether Debian's Heat, and the Keystone that it asks, can be started here. */
export const heatLacks = (): readonly string[] => [
  ...keystoneLacks(),
  ...[
    [ALL, "heat-engine"],
    ["/usr/bin/heat-api", "heat-api"],
    ["/usr/bin/heat-api-cfn", "heat-api-cfn"],
  ].flatMap(([path = "", name = ""]) => (existsSync(path) ? [] : [name])),
];

export interface Stack {
  readonly status: string;
  readonly reason: string;
  readonly outputs: ReadonlyMap<string, unknown>;
}

/** A Heat of its own, from Debian, with a Keystone, a RabbitMQ and a PostgreSQL; both its APIs and its engine are one process. */
export interface Heat extends AsyncDisposable {
  make(name: string, template: string): Promise<void>;
  /** As it is now. */
  stack(name: string): Promise<Stack>;
}

export async function heat(): Promise<Heat> {
  await using built = new AsyncDisposableStack();
  const identity = built.use(await keystone());
  const broker = built.use(await rabbitServer());
  const database = built.use(await postgresServer());
  const [api, cfn] = [await privatePort(), await privatePort()];
  const caller = await peopled(identity, api, cfn);
  const signatures = await checked(identity, caller);
  built.defer(signatures.end);
  built.use(await engine({ identity, broker, database, api, cfn, signaturesUrl: signatures.url }));
  const parts = built.move();

  const ask = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const answer = await fetch(`http://127.0.0.1:${api}/v1/${caller.project}${path}`, {
      method,
      headers: { "x-auth-token": caller.token, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const told = await answer.text();
    if (!answer.ok) throw new Error(`Heat answered ${answer.status} to ${method} ${path}: ${told}`);
    return told === "" ? undefined : JSON.parse(told);
  };

  return {
    make: async (name, template) => {
      await ask("POST", "/stacks", { stack_name: name, template, timeout_mins: 5 });
    },
    stack: async (name) => {
      const { stack } = (await ask("GET", `/stacks/${name}`)) as { readonly stack: Told };
      return {
        status: stack.stack_status,
        reason: stack.stack_status_reason,
        outputs: new Map(stack.outputs?.map(({ output_key, output_value }) => [output_key, output_value])),
      };
    },
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

interface Told {
  readonly stack_status: string;
  readonly stack_status_reason: string;
  readonly outputs?: readonly { readonly output_key: string; readonly output_value: unknown }[];
}

interface Caller {
  readonly token: string;
  readonly project: string;
}

/** What Heat wants of Keystone: a domain of its own for those who may signal, who may make them, a role, and where its APIs are. */
async function peopled({ url }: Server, api: number, cfn: number): Promise<Caller> {
  const { token, project } = await administrator(url);
  const make = async (method: string, path: string, body?: unknown): Promise<never> => {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: { "x-auth-token": token, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`Keystone answered ${answer.status} to ${method} ${path}: ${await answer.text()}`);
    return (answer.status === 204 ? undefined : await answer.json()) as never;
  };
  const named = async (kind: string, body: Record<string, unknown>): Promise<string> => {
    const answer: Record<string, { readonly id: string }> = await make("POST", `/${kind}s`, { [kind]: body });
    return answer[kind]?.id ?? "";
  };
  const domain = await named("domain", { name: "heat" });
  const user = await named("user", { name: "heat-domain-admin", password: PASSWORD, domain_id: domain });
  const { roles }: { readonly roles: readonly { readonly id: string }[] } = await make("GET", "/roles?name=admin");
  await make("PUT", `/domains/${domain}/users/${user}/roles/${roles[0]?.id}`);
  await named("role", { name: "heat_stack_user" });
  for (const [type, address] of [
    ["orchestration", `http://127.0.0.1:${api}/v1/%(tenant_id)s`],
    ["cloudformation", `http://127.0.0.1:${cfn}/v1`],
  ]) {
    const service = await named("service", { name: `heat-${type}`, type });
    for (const door of ["public", "internal", "admin"])
      await named("endpoint", { service_id: service, interface: door, region_id: "RegionOne", url: address });
  }
  return { token, project };
}

async function administrator(url: string): Promise<Caller> {
  const byDefault = { domain: { id: "default" } };
  const answer = await fetch(`${url}/auth/tokens`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      auth: {
        identity: { methods: ["password"], password: { user: { name: "admin", password: PASSWORD, ...byDefault } } },
        scope: { project: { name: "admin", ...byDefault } },
      },
    }),
  });
  const { token } = (await answer.json()) as { readonly token: { readonly project: { readonly id: string } } };
  return { token: answer.headers.get("x-subject-token") ?? "", project: token.project.id };
}

/**
 * Since its security update of CVE-2025-65073 Debian's Keystone tells a service alone whether a signature is right, and Debian's Heat, older than
 * that, asks as nobody: every signal would be refused. This door asks as somebody, as newer Heats do by themselves.
 */
async function checked({ url }: Server, { token }: Caller): Promise<{ readonly url: string; end(): void }> {
  const door = createServer(async (request, reply) => {
    const body = await text(request);
    const headers = { "x-auth-token": token, "content-type": "application/json" };
    const answer = await fetch(`${url}/ec2tokens`, { method: "POST", headers, body });
    const told = { "content-type": "application/json", "x-subject-token": answer.headers.get("x-subject-token") ?? "" };
    reply.writeHead(answer.status, told).end(await answer.text());
  });
  await new Promise<void>((listening) => door.listen(0, "127.0.0.1", listening));
  return { url: `http://127.0.0.1:${(door.address() as AddressInfo).port}/v3`, end: () => void door.close() };
}

interface Parts {
  readonly identity: Server;
  readonly broker: Server;
  readonly database: Server;
  readonly api: number;
  readonly cfn: number;
  readonly signaturesUrl: string;
}

function engine({ identity, broker, database, api, cfn, signaturesUrl }: Parts): Promise<Server> {
  const folder = privateFolder("heat");
  const config = join(folder, "heat.conf");
  const known = `auth_type = password
auth_url = ${identity.url}
username = admin
password = ${PASSWORD}
user_domain_id = default
`;
  writeFileSync(
    config,
    `[DEFAULT]
transport_url = ${broker.url.replace("amqp:", "rabbit:")}
log_file = ${join(folder, "heat.log")}
region_name_for_services = RegionOne
heat_metadata_server_url = http://127.0.0.1:${cfn}
heat_waitcondition_server_url = http://127.0.0.1:${cfn}/v1/waitcondition
stack_user_domain_name = heat
stack_domain_admin = heat-domain-admin
stack_domain_admin_password = ${PASSWORD}
auth_encryption_key = ${"k".repeat(32)}
num_engine_workers = 1
[database]
connection = ${database.url.replace("postgres:", "postgresql:")}
[keystone_authtoken]
www_authenticate_uri = ${identity.url}
project_name = admin
project_domain_id = default
${known}[trustee]
${known}[clients_keystone]
auth_uri = ${identity.url}
[ec2authtoken]
auth_uri = ${signaturesUrl}
[heat_api]
bind_host = 127.0.0.1
bind_port = ${api}
workers = 1
[heat_api_cfn]
bind_host = 127.0.0.1
bind_port = ${cfn}
workers = 1
[oslo_policy]
policy_dirs = ${POLICY}
[paste_deploy]
api_paste_config = /etc/heat/api-paste.ini
`,
  );
  return serve(
    `http://127.0.0.1:${api}`,
    systemEngine({
      folder,
      greeting: { port: cfn, hello: Buffer.from("GET / HTTP/1.0\r\n\r\n"), welcome: "HTTP/1" },
      prepare: async () => {
        await promisify(execFile)(MANAGE, ["--config-file", config, "db_sync"], { cwd: folder });
      },
      command: {
        path: "/usr/bin/python3",
        args: [join(import.meta.dirname, "heat-all.py"), "--config-file", config],
        farewell: "SIGTERM",
      },
    }),
  );
}
