import type { Instant } from "@raingauge/domain";
import type { FastifyInstance } from "fastify";
import { MONEY } from "../access.ts";
import { v1 } from "./answer.ts";
import { groupRoutes } from "./groups.ts";
import { mappingRoutes } from "./mappings.ts";
import type { RatingBook } from "./rating-book.ts";
import { serviceRoutes } from "./services.ts";
import { thresholdRoutes } from "./thresholds.ts";

export interface HashmapParts {
  readonly book: RatingBook;
  readonly clock: () => Instant;
}

/** The rules of CloudKitty's hashmap module, all under one path. */
export function hashmapRoutes(app: FastifyInstance, parts: HashmapParts, rating: string): void {
  const base = `${rating}/module_config/hashmap`;
  v1(app, "GET", `${base}/types`, MONEY, async () => ["flat", "rate"]);
  for (const routes of [serviceRoutes, groupRoutes, mappingRoutes, thresholdRoutes]) routes(app, parts, base);
}
