import { expect, it } from "vitest";
import { pageAsItComes } from "./paging.ts";

async function* withoutEnd(): AsyncIterable<string> {
  for (let number = 1; ; number += 1) yield String(number).padStart(6, "0");
}

async function* upTo(count: number): AsyncIterable<string> {
  for await (const key of withoutEnd()) {
    if (Number(key) > count) return;
    yield key;
  }
}

const itself = (key: string): string => key;

it("a page of a list without end is read no further than the page", async () => {
  const first = await pageAsItComes(withoutEnd(), itself, { limit: 2 });
  const second = await pageAsItComes(withoutEnd(), itself, { limit: 2, cursor: first.next });

  expect(first.items).toEqual(["000001", "000002"]);
  expect(second.items).toEqual(["000003", "000004"]);
});

it.each([0, 1, 3, 4, 6])(
  "the pages of a list of %i hold each item once, and the last page says that it is the last",
  async (count) => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const { items, next } = await pageAsItComes(upTo(count), itself, { limit: 3, cursor });
      seen.push(...items);
      cursor = next;
    } while (cursor !== undefined);

    expect(seen).toEqual(await Array.fromAsync(upTo(count)));
  },
);
