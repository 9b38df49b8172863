import { readFileSync } from "node:fs";
import { at, instant } from "@raingauge/domain";
import { beforeAll, describe, expect, it } from "vitest";
import { type Api, api } from "../fixtures/api.ts";
import { cloud } from "../fixtures/cloud.ts";
import { DIFFERENCES } from "./fixtures/differences.ts";
import { type Exchange, seed } from "./fixtures/exchange.ts";

/**
 * What a real CloudKitty was asked and answered, asked here again in the same order. Ids that the server draws and moments at
 * which things were made are put in each other's place; amounts are compared as numbers, sets in any order; nothing else is
 * let through but what the table of differences names, with its reason.
 */
const FOLDER = new URL("../../../../test/vectors/cloudkitty-golden/", import.meta.url);
const RECORDINGS = ["raw-http-1", "raw-http-2-hashmap", "client-4.6.0-default-v1", "client-4.6.0-v2"] as const;

const exchanges = (name: string): Exchange[] =>
  readFileSync(new URL(`${name}.jsonl`, FOLDER), "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Exchange);

const ID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** What their server drew, and what ours drew for the same. */
function learn(ids: Map<string, string>, theirs: string, ours: string): void {
  const [a, b] = [theirs.match(ID) ?? [], ours.match(ID) ?? []];
  for (const [index, id] of a.entries()) if (!ids.has(id) && b[index] !== undefined) ids.set(id, b[index]);
}

const translated = (text: string, ids: ReadonlyMap<string, string>): string =>
  text.replace(ID, (id) => ids.get(id) ?? id);

for (const name of RECORDINGS)
  describe(`CloudKitty's recorded answers: ${name}`, () => {
    const recorded = exchanges(name);
    const ids = new Map<string, string>();
    let opened: Api;
    beforeAll(async () => {
      const made = await cloud();
      opened = await api(made, undefined, () => at(instant("2026-11-23T00:27:08.975Z")));
      await seed(opened);
    });

    it.each(
      recorded.map((exchange, index) => [`${index} ${exchange.method} ${exchange.url}`, exchange, index] as const),
    )("%s", async (_title, exchange, index) => {
      const { method, url, request_body: body, request_content_type: type } = exchange;

      const answer = await opened.ask("admin", `/rating${translated(url, ids)}`, {
        method: method as "GET",
        ...(body ? { payload: translated(body, ids), headers: { "content-type": type ?? "application/json" } } : {}),
      });

      learn(ids, exchange.response_body ?? "", answer.body);
      const difference = DIFFERENCES.get(`${name} ${index}`);
      if (difference !== undefined) {
        expect(answer.statusCode, difference.why).toBe(difference.status);
        expect(answer.body, difference.why).toMatch(difference.says);
        return;
      }
      expect(`${answer.statusCode}`).toBe(exchange.status.slice(0, 3));
      expect(comparable(answer.body)).toEqual(comparable(translated(exchange.response_body ?? "", ids)));
    });
  });

/** An answer without what may differ between any two servers. */
function comparable(body: string): unknown {
  if (body.trim().startsWith("<")) return "a page";
  if (body === "") return "";
  return plain(JSON.parse(body), "");
}

const DRAWN = new Set([
  "created_at",
  "start",
  "created_by",
  "updated_by",
  "deleted",
  "deleted_by",
  "scope_activation_toggle_date",
]);
const AMOUNTS = new Set(["cost", "level", "rate", "volume", "rating", "qty", "price"]);

function plain(value: unknown, key: string): unknown {
  if (Array.isArray(value)) {
    const items = value.map((each) => plain(each, key));
    return key === "metadata" || key === ""
      ? items.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
      : items;
  }
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(
      Object.entries(value)
        .filter(([name]) => name !== "state")
        .map(([name, each]) => [name, plain(each, name)]),
    );
  if (value !== null && DRAWN.has(key)) return "drawn";
  if (key === "name" && typeof value === "string" && /^[0-9a-f]{32}$/.test(value)) return "drawn";
  if (AMOUNTS.has(key) || (key === "" && typeof value === "string" && /^\d+(\.\d+)?$/.test(value)))
    return Number(Number(value).toPrecision(12));
  return typeof value === "string" ? value.replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?(?!\+)/g, "a moment") : value;
}
