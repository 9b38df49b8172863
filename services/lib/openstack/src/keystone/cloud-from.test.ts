import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { describe, expect, it, onTestFinished } from "vitest";
import { CloudError } from "./cloud-error.ts";
import { cloudFrom } from "./cloud-from.ts";

const VARIABLES = {
  OS_AUTH_URL: "https://keystone.example:5000",
  OS_USERNAME: "raingauge",
  OS_PASSWORD: "hunter2",
  OS_PROJECT_NAME: "service",
  OS_USER_DOMAIN_NAME: "Default",
  OS_PROJECT_DOMAIN_ID: "default",
  OS_REGION_NAME: "one",
  OS_INTERFACE: "internal",
};

describe("a cloud from OS_* variables", () => {
  it("is none where none says where Keystone is", () => {
    expect(cloudFrom({})).toBeUndefined();
  });

  it("comes with user and project", () => {
    expect(cloudFrom(VARIABLES)).toMatchObject({
      authUrl: "https://keystone.example:5000/v3",
      region: "one",
      interface: "internal",
      verify: true,
      identity: {
        kind: "password",
        user: { name: "raingauge", domain: { name: "Default" } },
        scope: { kind: "project", project: { name: "service", domain: { id: "default" } } },
      },
    });
  });

  it.each(["https://k/", "https://k/v3", "https://k/v3/", "https://k/v2.0"])(
    "takes %s with or without a version",
    (url) => {
      expect(cloudFrom({ ...VARIABLES, OS_AUTH_URL: url })?.authUrl).toBe("https://k/v3");
    },
  );

  it("comes with an application credential, which needs no project", () => {
    const env = {
      OS_AUTH_TYPE: "v3applicationcredential",
      OS_AUTH_URL: "https://k",
      OS_APPLICATION_CREDENTIAL_ID: "c0ffee",
      OS_APPLICATION_CREDENTIAL_SECRET: "hunter2",
    };

    const identity = cloudFrom(env)?.identity;

    expect(identity).toMatchObject({ kind: "application_credential", credential: { id: "c0ffee" } });
    expect(identity?.kind === "application_credential" && identity.secret()).toBe("hunter2");
  });

  it("names all that is wrong at once, and shows no secret", () => {
    const env = { OS_AUTH_URL: "keystone", OS_PASSWORD: "hunter2", OS_INTERFACE: "outside" };

    expect(() => cloudFrom(env)).toThrow(CloudError);
    expect(() => cloudFrom(env)).toThrow(/OS_AUTH_URL.*OS_USERNAME.*OS_PROJECT_NAME.*OS_INTERFACE/);
    expect(() => cloudFrom(env)).not.toThrow(/hunter2/);
    expect(inspect(cloudFrom(VARIABLES), { depth: 9 })).not.toContain("hunter2");
  });
});

describe("a cloud from clouds.yaml", () => {
  it("is the one that was named, with what secure.yaml adds", () => {
    const env = files({
      "clouds.yaml": `clouds:
        prod:
          region_name: one
          verify: false
          auth: { auth_url: "https://k/v3", username: raingauge, project_id: abc, user_domain_id: default }
        other: { auth: { auth_url: "https://o" } }`,
      "secure.yaml": "clouds: { prod: { auth: { password: hunter2 } } }",
    });

    const cloud = cloudFrom(env, "prod");

    expect(cloud).toMatchObject({ authUrl: "https://k/v3", region: "one", verify: false });
    expect(cloud?.identity).toMatchObject({ scope: { kind: "project", project: { id: "abc" } } });
    expect(cloud?.identity.kind === "password" && cloud.identity.password()).toBe("hunter2");
    expect(cloudFrom({ ...env, OS_CLOUD: "prod" })).toMatchObject({ authUrl: "https://k/v3" });
  });

  it.each([
    ["clouds: { other: {} }", /describes no cloud prod/],
    ["clouds: { prod: { auth: { auth_url: 'https://k' } } }", /password of the cloud prod is missing/],
    ["clouds: [", /is not YAML/],
    ["nothing: here", /has no clouds/],
  ])("says what is wrong with %s", (content, sentence) => {
    expect(() => cloudFrom(files({ "clouds.yaml": content }), "prod")).toThrow(sentence);
  });

  it("says where it looked", () => {
    expect(() => cloudFrom({ OS_CLIENT_CONFIG_FILE: "/nowhere/clouds.yaml" }, "prod")).toThrow("/nowhere/clouds.yaml");
  });
});

function files(contents: Readonly<Record<string, string>>) {
  const folder = mkdtempSync(join(tmpdir(), "raingauge-clouds-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(contents)) writeFileSync(join(folder, name), content);
  return { OS_CLIENT_CONFIG_FILE: join(folder, "clouds.yaml") };
}
