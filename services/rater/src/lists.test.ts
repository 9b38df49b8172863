import { describe, expect, it } from "vitest";
import { api } from "./fixtures/api.ts";

describe("lists", () => {
  it("are cut into pages that hold every item once, whatever the size of a page", async () => {
    const { ask } = await api();
    const whole = (await ask("admin", "/v1/usage?period=2026-03")).json().items;
    for (const limit of [1, 2, 3, 100]) {
      const gathered: unknown[] = [];
      let cursor: string | undefined;
      do {
        const page = (
          await ask(
            "admin",
            `/v1/usage?period=2026-03&limit=${limit}${cursor === undefined ? "" : `&cursor=${cursor}`}`,
          )
        ).json();
        gathered.push(...page.items);
        cursor = page.next;
      } while (cursor !== undefined);

      expect(gathered).toEqual(whole);
    }
  });

  it("refuse a cursor that is none of theirs", async () => {
    const { ask } = await api();

    expect((await ask("admin", "/v1/meters?cursor=%21%21")).json()).toMatchObject({
      code: "REQUEST_INVALID",
      errors: [{ where: "querystring.cursor" }],
    });
  });

  it("say that nothing changed to who has the answer already", async () => {
    const { ask } = await api();
    const { headers } = await ask("reader", "/v1/meters");

    const again = await ask("reader", "/v1/meters", { headers: { "if-none-match": String(headers.etag) } });

    expect([again.statusCode, again.body]).toEqual([304, ""]);
  });
});
