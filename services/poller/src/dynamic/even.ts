/** What an hour can be cut into evenly: the polls of many agents then meet, and none is less often than was wanted. */
const EVEN_SECONDS = [10, 15, 20, 30, 60, 120, 180, 240, 300, 360, 600, 720, 900, 1_200, 1_800, 3_600];

/** An API is asked no more often than each minute. */
const API_SECONDS_MIN = 60;

export const even = (seconds: number, min = API_SECONDS_MIN): number =>
  Math.max(EVEN_SECONDS.findLast((each) => each <= seconds) ?? min, min);

/** As cron writes it. */
export function cronOf(seconds: number): string {
  if (seconds < 60) return `*/${seconds} * * * * *`;
  return seconds >= 3_600 ? "0 * * * *" : `*/${seconds / 60} * * * *`;
}
