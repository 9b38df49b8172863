import { isObject, openEnvelope, type Payload } from "@raingauge/openstack";
import { describe, expect, it } from "vitest";
import { captured } from "./captured.ts";
import { isIgnored } from "./heard.ts";
import { translate } from "./translate.ts";

/** Where the services of a cloud are known to put what nobody else may read, by the key under which it stands. */
const SHAPES: Readonly<Record<string, readonly string[]>> = {
  "a VPN's pre-shared key": ["psk"],
  "what a machine is made with": ["user_data", "admin_pass", "adminPass", "admin_password", "config_drive_password"],
  "a volume's connection": [
    "auth_password",
    "auth_key",
    "discovery_auth_password",
    "encryption_key_secret",
    "secret_uuid",
  ],
  "a stack's parameters": ["db_password", "root_password", "OS::stack_secret", "ssh_private_key"],
  "a cluster's and a database's": ["registry_secret", "discovery_token", "root_passwd", "rootPassword"],
  "a management board's": ["ipmi_password", "redfish_password", "snmp_auth_password", "hmac_secret"],
  "a zone transfer's and a key's": ["tsig_secret", "secret", "payload_secret"],
  "a credential of Keystone's": [
    "credentials",
    "credential_blob",
    "password",
    "original_password",
    "totp_passcode_secret",
  ],
  "a share's and an account's": ["access_key", "secret_key", "temp_url_secret", "X-Auth-Token", "x-auth-key"],
  "what oslo itself puts beside": [
    "_context_auth_token",
    "auth_token",
    "service_token",
    "Authorization",
    "trust_token",
  ],
};

const SECRET = "hunter2";
const KEYS = Object.values(SHAPES).flat();

/** The same notification with every secret there is in every object of it. */
const bent = (said: unknown): unknown => {
  if (Array.isArray(said)) return said.map(bent);
  if (!isObject(said)) return said;
  const inner = Object.entries(said).map(([key, value]) => [key, bent(value)] as const);
  return { ...Object.fromEntries(inner), ...Object.fromEntries(KEYS.map((key) => [key, `${SECRET} ${key}`])) };
};

/** One of each type that a real cloud sent. */
const ofEachType = (): readonly { readonly type: string; readonly body: string; readonly message: Payload }[] => {
  const seen = new Map(
    captured().map(({ body }) => {
      const envelope = JSON.parse(body) as Payload;
      const message = JSON.parse(String(envelope["oslo.message"])) as Payload;
      return [String(message["event_type"]), { body, message }] as const;
    }),
  );
  return [...seen].map(([type, each]) => ({ type, ...each }));
};

const told = (value: unknown): string =>
  JSON.stringify(value, (_, each) => (typeof each === "bigint" ? String(each) : each));

describe("a secret in any object of any notification of a real cloud", () => {
  const all = ofEachType();

  it("is in nothing that is told of it", () => {
    expect(all.length).toBeGreaterThan(100);
    let understood = 0;
    for (const { type, message } of all) {
      const payload = bent(message["payload"]);
      const heard = translate(
        openEnvelope(
          JSON.stringify({ "oslo.version": "2.0", "oslo.message": JSON.stringify({ ...message, payload }) }),
        ),
        {
          region: "one",
        },
      );

      if (!isIgnored(heard)) understood += 1;
      expect(told(heard), type).not.toContain(SECRET);
    }
    expect(understood).toBeGreaterThan(50);
  });
});
