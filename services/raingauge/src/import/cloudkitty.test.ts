import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { edge, facadeOf, importCloudKitty } from "./cloudkitty.ts";
import { rulesOfApi } from "./cloudkitty-rules.ts";
import { cloudkitty, FIELD, MAPPING, raingauge, type Said } from "./fixtures/cloudkitty.ts";
import { type ProgressFile, progressFile } from "./progress-file.ts";
import { fetched, type Source } from "./source.ts";

const of = (api: Source) => ({ api, rules: () => rulesOfApi(api) });

describe("importing a CloudKitty", () => {
  let theirs: Said;
  let ours: Awaited<ReturnType<typeof raingauge>>;
  const span = { begin: edge("2026-03-01"), end: edge("2026-03-03") };
  const wanted = (more: object = {}, progress: ProgressFile = progressFile(undefined, "")) => ({
    source: of({ url: theirs.url, token: "theirs" }),
    door: ours.door,
    span,
    dryRun: false,
    progress,
    tell: () => {},
    ...more,
  });
  const total = async () =>
    (
      (await fetched<{ results: number[][] }>(facadeOf(ours.door), "/v2/summary?begin=2026-03-01&end=2026-04-01"))
        ?.results[0] ?? []
    ).slice(2);

  beforeAll(async () => {
    theirs = await cloudkitty();
    ours = await raingauge();
  });
  afterAll(async () => {
    theirs.server.close();
    await ours.close();
  });

  it("only says what it would do, when it is asked to", async () => {
    const report = await importCloudKitty(wanted({ dryRun: true }));

    expect(report).toMatchObject({
      dryRun: true,
      rules: { added: { service: 2, field: 1, group: 1, mapping: 3, threshold: 1, scope: 2 }, known: 0 },
      scripts: ["discounts"],
      days: 2,
      points: 144,
    });
    expect(await total()).toEqual([]);
    expect(await fetched(facadeOf(ours.door), "/v1/rating/module_config/hashmap/services")).toEqual({ services: [] });
  });

  it("stops where the token ends, and goes on from there", async () => {
    const kept = progressFile(undefined, theirs.url);
    theirs.broken = true;
    await expect(importCloudKitty(wanted({}, kept))).rejects.toThrow(/401.*go on with the same command/);
    theirs.broken = false;
    theirs.asked = [];

    const report = await importCloudKitty(wanted({}, kept));

    expect(report).toMatchObject({ days: 1, points: 72, differences: [], handover: "2026-03-03T00:00:00Z" });
    expect(theirs.asked.filter((path) => path.includes("begin=2026-03-01T00:00:00Z&end=2026-03-02"))).toEqual([]);
  });

  it("takes over rules under their own ids and dates, and says which cannot be", async () => {
    const { rules } = await importCloudKitty(wanted());

    expect(rules).toMatchObject({ added: {}, known: 10, refused: [expect.stringContaining("b52795dd")] });
    expect(await fetched(facadeOf(ours.door), `/v1/rating/module_config/hashmap/mappings/${MAPPING}`)).toMatchObject({
      start: "2026-02-23T00:27:08",
      field_id: FIELD,
      cost: "0.2999999999999999888977697537",
    });
  });

  it("ends with equal summaries, however often it is done", async () => {
    const report = await importCloudKitty(wanted());

    expect(report.differences).toEqual([]);
    expect(await total()).toEqual([144, 14.4]);
  });

  it("names what differs", async () => {
    const liar = await cloudkitty(0.01);

    const report = await importCloudKitty(wanted({ source: of({ url: liar.url, token: "theirs" }) }));
    liar.server.close();

    expect(report.differences).toMatchObject([{ project: "globex", type: "instance", ours: "4.8" }]);
  });
});
