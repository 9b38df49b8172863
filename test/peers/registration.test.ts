import type { Server } from "@raingauge/harness";
import { cloudFrom, cloudSession } from "@raingauge/openstack";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { typed } from "../journeys/command.ts";
import { keystone, keystoneLacks, PASSWORD } from "./keystone.ts";

/** A real Keystone's catalog. Run by hand: RAINGAUGE_PEERS=1 npx vitest run test/peers/registration.test.ts */
const reason =
  process.env["RAINGAUGE_PEERS"] === undefined
    ? "run by hand, with RAINGAUGE_PEERS=1"
    : keystoneLacks().length > 0
      ? `apt-get install ${keystoneLacks().join(" ")}`
      : undefined;

describe.skipIf(reason !== undefined)(
  `the catalog of a real Keystone${reason === undefined ? "" : ` (skipped: ${reason})`}`,
  { timeout: 300_000 },
  () => {
    let peer: Server;
    let env: Readonly<Record<string, string>>;
    beforeAll(async () => {
      peer = await keystone();
      env = {
        ...{ OS_AUTH_URL: peer.url, OS_USERNAME: "admin", OS_PASSWORD: PASSWORD, OS_PROJECT_NAME: "admin" },
        OS_REGION_NAME: "RegionOne",
      };
    }, 300_000);
    afterAll(async () => peer?.[Symbol.asyncDispose]());

    it("has our services after they were registered, once, and follows a move", async () => {
      const at = (url: string, ...more: string[]) => typed(["keystone", "register", "--url", url, ...more], env);

      const dry = await at("https://one.example", "--dry-run");
      expect(await urlsOf("rating")).toEqual([]);
      const done = await at("https://one.example");
      const again = await at("https://one.example");
      const urls = await urlsOf("rating");
      const moved = await at("https://two.example");

      expect([dry.code, done.code, again.code, moved.code]).toEqual([0, 0, 0, 0]);
      expect(dry.out.match(/^would make /gm)).toHaveLength(8);
      expect(done.out.match(/^made /gm)).toHaveLength(8);
      expect(again.out.match(/^there already: /gm)).toHaveLength(8);
      expect(urls).toEqual(Array(3).fill("https://one.example/rating"));
      expect(moved.out.match(/^changed .* \(was https:\/\/one\.example/gm)).toHaveLength(6);
      expect(await urlsOf("metering")).toEqual(Array(3).fill("https://two.example"));
    });

    async function urlsOf(type: string): Promise<string[]> {
      const cloud = cloudFrom(env);
      if (cloud === undefined) throw new Error("no cloud");
      const signal = new AbortController().signal;
      await using session = cloudSession(cloud, { timeoutSeconds: 30, endpointRequestsMax: 1, attemptsMax: 3, signal });
      return (await session.catalog()).filter((each) => each.type === type).map(({ url }) => url);
    }
  },
);
