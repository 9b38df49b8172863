import { describe, expect, it } from "vitest";
import { type Api, api } from "./fixtures/api.ts";
import { cloud, lived, march } from "./fixtures/cloud.ts";

interface Item {
  readonly by: Readonly<Record<string, string>>;
  readonly quantity?: string;
  readonly cost?: string;
}

const HOUR = 3_600_000;

const event = (resource: string, attributes: Readonly<Record<string, string>>) => ({
  id: `event-${resource}`,
  type: "compute.instance.create.end",
  region: "north",
  source: "nova",
  at: march(1),
  project: "acme",
  resource,
  resourceType: "instance",
  attributes,
});

/** Two projects of one account and domain, one of which moved to another account and domain in the middle of the month. */
async function placed(): Promise<Api> {
  const made = await cloud();
  await made.say(
    [
      ...lived("acme", "vm-1", march(1), march(11)),
      ...lived("globex", "vm-2", march(1), march(11)),
      ...lived("globex", "vm-3", march(20), march(21)),
    ],
    { events: [event("vm-1", { "metadata.cost_center": "cc-1", name: "web" })] },
  );
  const opened = await api(made);
  const account = { mode: "internal", currency: "EUR", zone: "Europe/Berlin", book: "standard" };
  const put = async (path: string, payload: object): Promise<void> => {
    const answer = await opened.ask("admin", path, { method: "PUT", payload });
    expect(answer.statusCode, answer.body).toBe(200);
  };
  const since = "2026-03-05T23:00:00Z";
  await put("/v1/accounts/one?validFrom=2026-01-01T00:00:00Z", {
    ...account,
    name: "One",
    members: [
      { kind: "project", id: "acme" },
      { kind: "project", id: "globex", until: since },
    ],
  });
  await put("/v1/accounts/two?validFrom=2026-01-01T00:00:00Z", {
    ...account,
    name: "Two",
    members: [{ kind: "project", id: "globex", since }],
  });
  await put("/v1/projects/acme/domain", { domain: "east", since: "2026-01-01T00:00:00Z" });
  await put("/v1/projects/globex/domain", { domain: "east", since: "2026-01-01T00:00:00Z" });
  await put("/v1/projects/globex/domain", { domain: "west", since });
  return opened;
}

const hours = (items: readonly Item[]): (string | number)[][] =>
  items.map(({ by, quantity }) => [...Object.values(by), Number(quantity) / HOUR]);

describe("usage added up", () => {
  it.each([
    [
      "account",
      [
        ["one", 240 + 120],
        ["two", 120 + 24],
      ],
    ],
    [
      "domain",
      [
        ["east", 240 + 120],
        ["west", 120 + 24],
      ],
    ],
    ["meter", [["instance", 240 + 240 + 24]]],
    [
      "tag.cost_center",
      [
        ["", 240 + 24],
        ["cc-1", 240],
      ],
    ],
    [
      "tag.name,project",
      [
        ["", "globex", 264],
        ["web", "acme", 240],
      ],
    ],
    [
      "resource,region",
      [
        ["vm-1", "north", 240],
        ["vm-2", "north", 240],
        ["vm-3", "north", 24],
      ],
    ],
  ])("by %s", async (group, expected) => {
    const { ask } = await placed();

    const answer = await ask("finance", `/v1/usage?period=2026-03&meter=instance&group=${group}`);

    expect(hours(answer.json().items)).toEqual(expected);
  });

  it("is in each part what it is by itself, in calendar months of a zone too", async () => {
    const { ask } = await placed();
    const question = "/v1/usage?meter=instance&group=account";

    const cut = await ask(
      "finance",
      `${question}&period=2026-02-28T00:00:00Z/2026-04-01T12:00:00Z&bucket=month&zone=Asia/Kolkata`,
    );
    const parts = await Promise.all(
      [
        ...new Set(
          (cut.json().items as { period: { start: string; end: string } }[]).map(
            ({ period }) => `${period.start}/${period.end}`,
          ),
        ),
      ].map(async (period) => (await ask("finance", `${question}&period=${period}`)).json().items as Item[]),
    );

    expect(hours(cut.json().items)).toEqual(hours(parts.flat()));
    expect(cut.json().items[0].period.end).toBe("2026-03-31T18:30:00Z");
  });

  it("shows a reader nothing of another's in how it is cut: a foreign project's move leaves no trace", async () => {
    const { ask } = await placed();

    const { items } = (await ask("reader", "/v1/usage?period=2026-03&meter=instance&group=account,domain")).json();

    expect(items).toMatchObject([{ by: { account: "one", domain: "east" }, usages: 1 }]);
  });
});

describe("costs added up", () => {
  it.each([
    [
      "account",
      [
        ["one", "7.2"],
        ["two", "2.88"],
      ],
    ],
    [
      "tag.cost_center",
      [
        ["", "5.28"],
        ["cc-1", "4.8"],
      ],
    ],
    [
      "domain",
      [
        ["east", "4.8"],
        ["west", "5.28"],
      ],
    ],
  ])("by %s; a domain is that of the month's end", async (group, expected) => {
    const { ask } = await placed();

    const { items } = (await ask("finance", `/v1/costs/live?period=2026-03&group=${group}`)).json();

    expect((items as Item[]).map(({ by, cost }) => [...Object.values(by), cost])).toEqual(expected);
  });
});

describe("a list that is sorted", () => {
  it("comes page by page in its order, up and down", async () => {
    const { ask } = await placed();
    const all = async (sort: string): Promise<Item[]> => {
      const items: Item[] = [];
      for (let next = ""; ; ) {
        const page = (
          await ask("finance", `/v1/usage?period=2026-03&meter=instance&group=resource&limit=1&sort=${sort}${next}`)
        ).json();
        items.push(...page.items);
        if (page.next === undefined) return items;
        next = `&cursor=${page.next}`;
      }
    };

    expect((await all("quantity")).map(({ by }) => by["resource"])).toEqual(["vm-3", "vm-1", "vm-2"]);
    expect((await all("-quantity")).map(({ by }) => by["resource"])).toEqual(["vm-1", "vm-2", "vm-3"]);
  });

  it.each(["quantity", "-quantity", ""])(
    "takes no cursor of a list that is sorted otherwise (sort=%s)",
    async (sort) => {
      const { ask } = await placed();
      const other = sort === "quantity" ? "-quantity" : "quantity";
      const page = (await ask("finance", `/v1/usage?period=2026-03&group=resource&limit=1&sort=${other}`)).json();
      const asked = `/v1/usage?period=2026-03&group=resource${sort === "" ? "" : `&sort=${sort}`}&cursor=${page.next}`;

      expect((await ask("finance", asked)).statusCode).toBe(sort === "" ? 200 : 400);
    },
  );
});
