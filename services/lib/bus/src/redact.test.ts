import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { REDACTED, redacted } from "./redact.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const through = (said: unknown): unknown => JSON.parse(new TextDecoder().decode(redacted(bytes(JSON.stringify(said)))));

describe("redaction", () => {
  it.each([
    "password",
    "Password",
    "admin_password",
    "adminPass",
    "admin_pass",
    "passwd",
    "passphrase",
    "token",
    "auth_token",
    "X-Auth-Token",
    "_context_auth_token",
    "secret",
    "client_secret",
    "secret_key",
    "private_key",
    "privateKey",
    "api_key",
    "access_key",
    "user_data",
    "userData",
    "psk",
    "pre_shared_key",
    "preSharedKey",
    "credentials",
    "credential_blob",
    "auth_key",
    "x-auth-key",
    "ipmi_password",
    "discovery_auth_password",
    "tsig_secret",
    "totp_passcode_secret",
    "registry_secret",
    "ssh_private_key",
    "hmac_secret",
    "config_drive_password",
    "Authorization",
  ])("removes the value of %s, whatever it is and however deep", (key) => {
    for (const value of ["hunter2", 42, ["hunter2"], { inner: "hunter2" }]) {
      expect(through({ payload: [{ [key]: value, name: "vm-1" }] })).toEqual({
        payload: [{ [key]: REDACTED, name: "vm-1" }],
      });
    }
  });

  it("looks into JSON that travels as text, as oslo's envelope does", () => {
    const said = {
      "oslo.version": "2.0",
      "oslo.message": JSON.stringify({ payload: { admin_pass: "hunter2", name: "vm-1" } }),
    };

    const kept = through(said) as Record<string, string>;

    expect(JSON.parse(kept["oslo.message"] ?? "")).toEqual({ payload: { admin_pass: REDACTED, name: "vm-1" } });
  });

  it.each(["host", "state", "key_name", "project", "passthrough_mode", "display_name"])("leaves %s alone", (key) => {
    expect(through({ [key]: "value" })).toEqual({ [key]: "value" });
  });

  it("keeps every byte of what holds no secret, and of what is not JSON", () => {
    const harmless = fc.oneof(
      fc
        .string()
        .filter((text) => !text.includes("{"))
        .map(bytes),
      fc.uint8Array(),
      fc.jsonValue({ noUnicodeString: false }).map((said) => bytes(` ${JSON.stringify({ said })}\n`)),
    );
    fc.assert(
      fc.property(harmless, (body) => {
        expect(redacted(body)).toBe(body);
      }),
    );
  });

  it("redacts once: what was redacted stays as it is", () => {
    const once = redacted(bytes('{"token":"abc"}'));

    expect(redacted(once)).toBe(once);
  });

  it("gives nothing away of JSON that is too deep to be looked through", () => {
    const deep = `${'{"a":'.repeat(200_000)}{"password":"hunter2"}${"}".repeat(200_000)}`;

    expect(new TextDecoder().decode(redacted(bytes(deep)))).not.toContain("hunter2");
  });
});
