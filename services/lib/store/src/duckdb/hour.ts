import { HOUR_MS } from "@raingauge/domain";

/** In SQL, the beginning of the UTC hour that an instant lies in. */
export const hourOf = (instant: string): string => `((${instant}) - (${instant}) % ${HOUR_MS})`;
