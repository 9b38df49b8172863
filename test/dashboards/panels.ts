import { BOARDS, type Board, type Panel, panelsOf } from "@raingauge/dashboards";
import { describe, expect, it } from "vitest";
import type { Answer, Grafana } from "./asking.ts";

/** Each panel's queries, asked as Grafana would: something to show, and it can be true. */
export function panelsAnswer(boards: readonly Board[], asked: () => Grafana): void {
  describe.each(boards)("$uid", (board) => {
    it.each(panelsOf(board).filter(({ queries }) => queries.length > 0))(
      "$id $title has something to show, and it can be true",
      async (panel) => {
        const variables = await asked().choices(board);

        const answers = await Promise.all(panel.queries.map((query) => asked().ask(board, panel, query, variables)));

        if (panel.mayBeEmpty === undefined) {
          expect(
            answers.every((answer) => answer.length > 0),
            JSON.stringify(variables),
          ).toBe(true);
          expect(
            answers
              .flat()
              .flatMap(({ values }) => values)
              .filter((value) => !Number.isFinite(value)),
          ).toEqual([]);
        }
        for (const value of answers.flat().flatMap(({ values }) => values))
          expect(possible(panel, value), String(value)).toBe(true);
        expect(answers.flat().length).toBeLessThan(500);
      },
    );
  });
}

/** What one query of a panel answers. */
export async function shown(asked: Grafana, uid: string, id: number, index = 0): Promise<readonly Answer[]> {
  const board = BOARDS.find((candidate) => candidate.uid === uid)!;
  const panel = panelsOf(board).find((candidate) => candidate.id === id)!;
  return asked.ask(board, panel, panel.queries[index]!, await asked.choices(board));
}

export const sum = (answers: readonly Answer[]): number =>
  answers.flatMap(({ values }) => values).reduce((total, value) => total + value, 0);

/** Within what its unit allows; a change may be anything. */
function possible({ unit, title, look }: Panel, value: number): boolean {
  if (Number.isNaN(value) || /change|difference|against|before|days/i.test(title)) return true;
  if (unit === "percent") return value >= 0 && value <= 100;
  if (unit === "percentunit") return value >= 0 && value <= (look.max ?? 10);
  return value >= 0;
}
