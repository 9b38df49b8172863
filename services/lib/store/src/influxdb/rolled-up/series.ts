import type { Sample } from "@raingauge/domain";

/** What sets one series apart from others. */
export type SeriesKey = string;

export const seriesKey = ({ meter, region, resource }: Pick<Sample, "meter" | "region" | "resource">): SeriesKey =>
  `${meter}\n${region}\n${resource}`;
