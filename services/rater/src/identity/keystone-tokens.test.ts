import { inspect } from "node:util";
import { EVERYTHING, projects } from "@raingauge/domain";
import { describe, expect, it } from "vitest";
import { ACME, asking, type Told } from "../fixtures/keystone.ts";
import { type Credentials, IdentityUnavailable } from "./identity.ts";

const token = (text: string, service?: string): Credentials => ({
  kind: "token",
  token: text,
  ...(service === undefined ? {} : { service }),
});
const basic = (user: string, password: string): Credentials => ({ kind: "basic", user, password });

const reader = { caller: { role: "reader" }, scope: projects(ACME), project: ACME };

describe("what a token of Keystone's may do", () => {
  it.each<[string, Told, unknown]>([
    ["a member of a project reads its own", {}, reader],
    [
      "an admin of a project is one of the cloud",
      { roles: ["admin", "member"] },
      { caller: { role: "admin" }, scope: EVERYTHING, project: ACME },
    ],
    [
      "an admin of a project that is not the administrators' reads its own",
      { roles: ["admin"], isAdminProject: false },
      reader,
    ],
    [
      "a role that is configured as finance sees all money",
      { roles: ["billing"] },
      { caller: { role: "finance" }, scope: EVERYTHING },
    ],
    [
      "a reader of the system reads everything",
      { roles: ["reader"], extent: { system: { all: true } } },
      { caller: { role: "reader" }, scope: EVERYTHING },
    ],
    [
      "an admin of the system is one",
      { roles: ["admin"], extent: { system: { all: true } } },
      { caller: { role: "admin" }, scope: EVERYTHING },
    ],
    [
      "nobody is more than a reader of a domain",
      { roles: ["admin"], extent: { domain: { id: "elsewhere" } } },
      { caller: { role: "reader" }, scope: projects() },
    ],
    ["a role that means nothing here", { roles: ["heat_stack_owner"] }, "roleless"],
    ["a token for nothing", { roles: [], extent: {} }, "roleless"],
  ])("%s", async (_, told, expected) => {
    await using made = await asking();
    made.fake.known.set("t", told);

    const known = await made.identity.access(token("t"));

    if (typeof expected === "string") expect(known).toBe(expected);
    else expect(known).toMatchObject(expected as object);
  });

  it("over a domain shows the domain's projects, asked for once", async () => {
    await using made = await asking();
    made.fake.known.set("a", { extent: { domain: { id: "default" } } });
    made.fake.known.set("b", { extent: { domain: { id: "default" } } });

    const [known] = [await made.identity.access(token("a")), await made.identity.access(token("b"))];

    const ids = [
      "591cc5a1cd814ffda5c696fb6e7f4ed5",
      ACME,
      "ed67957e32384123ab166d55f1c4cdbb",
      "f17881b185a440e2b7d91fb7eb19bb39",
      "fc980806e28945dabab68b1dd1c3892e",
    ];
    expect(known).toMatchObject({ caller: { role: "reader" }, scope: projects(...ids) });
    expect(made.fake.asked("projects")).toHaveLength(1);
  });
});

describe("Keystone is asked", () => {
  it("once about a token, however many come with it at once", async () => {
    await using made = await asking();
    made.fake.known.set("t", {});

    await Promise.all(Array.from({ length: 20 }, () => made.identity.access(token("t"))));

    expect(made.fake.asked("validate")).toHaveLength(1);
  });

  it("again when its answer is as old as is believed, so that what it took back works no longer than that", async () => {
    await using made = await asking(60);
    made.fake.known.set("t", {});
    await made.identity.access(token("t"));
    made.fake.known.delete("t");

    made.pass(59);
    const before = await made.identity.access(token("t"));
    made.pass(2);
    const after = await made.identity.access(token("t"));

    expect([before === undefined, after]).toEqual([false, undefined]);
  });

  it("again when the token has ended, although its answer is young", async () => {
    await using made = await asking(300);
    made.fake.known.set("t", { expiresAt: "2026-11-23T01:00:10.000000Z" });
    await made.identity.access(token("t"));
    made.fake.known.delete("t");

    made.pass(11);

    expect(await made.identity.access(token("t"))).toBeUndefined();
  });

  it("never about a token of our own, nor about what is no token", async () => {
    await using made = await asking();

    const told = await Promise.all(
      [token("rg_secret"), basic("x", "rg_secret"), token("a b"), token("ü")].map((each) => made.identity.access(each)),
    );

    expect(told).toEqual([undefined, undefined, undefined, undefined]);
    expect(made.fake.cloud.asked).toEqual([]);
  });

  it("about an application credential with its id and secret, and the answer is remembered without the secret", async () => {
    await using made = await asking();
    made.fake.credentials.set("grafana:s3cret-of-grafana", {});

    const [known, again, wrong] = [
      await made.identity.access(basic("grafana", "s3cret-of-grafana")),
      await made.identity.access(basic("grafana", "s3cret-of-grafana")),
      await made.identity.access(basic("grafana", "guess")),
    ];

    expect(known).toMatchObject(reader);
    expect([again, wrong]).toEqual([known, undefined]);
    expect(made.fake.asked("exchange")).toHaveLength(2);
    expect(inspect(made.identity, { depth: 20, showHidden: true })).not.toContain("s3cret-of-grafana");
  });
});

describe("a token that has ended", () => {
  const ended = { expiresAt: "2026-11-22T00:00:00.000000Z" };

  it.each<[string, string | undefined, boolean]>([
    ["is not taken by itself", undefined, false],
    ["is taken from a service that may pass it on", "service", true],
    ["is not taken from a service without the role", "plain", false],
    ["is not taken from a service that is unknown", "nobody", false],
  ])("%s", async (_, service, isTaken) => {
    await using made = await asking();
    made.fake.known.set("t", ended);
    made.fake.known.set("service", { roles: ["service"] });
    made.fake.known.set("plain", { roles: ["member"] });

    expect((await made.identity.access(token("t", service))) !== undefined).toBe(isTaken);
  });

  it("does not become good for others because a service brought it", async () => {
    await using made = await asking();
    made.fake.known.set("t", ended);
    made.fake.known.set("service", { roles: ["service"] });
    await made.identity.access(token("t", "service"));

    expect(await made.identity.access(token("t"))).toBeUndefined();
  });
});

describe("a Keystone that is down", () => {
  it("is an error that names no token, and those it spoke of lately are still known", async () => {
    await using made = await asking();
    made.fake.known.set("t", {});
    await made.identity.access(token("t"));
    made.fake.down = true;

    expect(await made.identity.access(token("t"))).toMatchObject(reader);
    await expect(made.identity.access(token("other-token"))).rejects.toThrow(IdentityUnavailable);
    await expect(made.identity.access(basic("id", "other-secret"))).rejects.toThrow(IdentityUnavailable);
    expect(made.logged).toHaveLength(2);
    expect(JSON.stringify(made.logged)).not.toMatch(/other-token|other-secret|hush/);
  });
});
