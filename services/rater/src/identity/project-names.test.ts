import { ApiError } from "@raingauge/openstack";
import { silentLog } from "@raingauge/runtime";
import { describe, expect, it } from "vitest";
import { projectNames } from "./project-names.ts";

describe("the names of projects", () => {
  it("are asked for once by all who want them, and again after ten minutes", async () => {
    let [asked, time] = [0, 0];
    const keystone = {
      projectNames: async () => {
        asked += 1;
        return new Map([["p-1", `web ${asked}`]]);
      },
    };
    const names = projectNames({ keystone, log: silentLog, now: () => time });

    const first = await Promise.all([names(), names()]);
    time = 599_999;
    const kept = await names();
    time = 600_000;
    const anew = await names();

    expect([...first, kept, anew].map((each) => each.get("p-1"))).toEqual(["web 1", "web 1", "web 1", "web 2"]);
  });

  it("are those that were heard last where Keystone does not say, and none where it never did", async () => {
    let [time, isDown] = [0, true];
    const keystone = {
      projectNames: async () => {
        if (isDown) throw new ApiError("unreachable", "GET /projects: nobody answers");
        return new Map([["p-1", "web"]]);
      },
    };
    const names = projectNames({ keystone, log: silentLog, now: () => time });
    const heard: (string | undefined)[] = [];
    for (const down of [true, false, true]) {
      isDown = down;
      heard.push((await names()).get("p-1"));
      time += 600_000;
    }

    expect(heard).toEqual([undefined, "web", "web"]);
  });
});
