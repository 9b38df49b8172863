import { heldSentence, type Language } from "@raingauge/documents";
import { CHECKS } from "@raingauge/domain";
import { z } from "zod";
import { checkOf, type Obstacle } from "../obstacle.ts";

const Figure = z.union([z.string(), z.number(), z.array(z.string()).readonly(), z.record(z.string(), z.string())]);

export const ObstacleView = z.object({
  code: z.string().describe("Stable: programs may switch on it."),
  check: z.enum(CHECKS).optional().describe("By which it may be waived; left out where nobody may."),
  figures: z.record(z.string(), Figure).describe("What the sentence is made of; which there are depends on the code."),
  says: z.string().describe("In the account's language."),
});

/** Without the names of hosts: those are for operators alone. */
export function viewObstacle(obstacle: Obstacle, language: Language): z.input<typeof ObstacleView> {
  const { code, figures } = obstacle;
  const check = checkOf(obstacle);
  return {
    code,
    ...(check === undefined ? {} : { check }),
    figures: { ...figures },
    says: heldSentence(obstacle, language),
  };
}
