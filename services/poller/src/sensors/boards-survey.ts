import { ApiError, redfish } from "@raingauge/openstack";
import type { MeterReading } from "../central/dials/meter-reading.ts";
import { ofEach, type Survey } from "../central/dials/survey.ts";
import type { Board } from "./boards.ts";
import { IpmiFailed, ipmiSensors } from "./ipmitool.ts";
import { redfishSensors } from "./redfish-sensors.ts";
import type { SensorReading } from "./sensor.ts";

export const BOARDS_SURVEY = "boards.survey";

export interface BoardsOptions {
  readonly ipmitool: string;
  /** For everything that one board is asked. */
  readonly timeoutSeconds: number;
  readonly signal: AbortSignal;
}

/** So many at once: a board takes seconds, and one that is dead all the time that it is given. */
const TOGETHER = 16;

/** The sensors of every board that was named. One that is dead, or does not know us, costs its own readings and no other's. */
export const boardsSurvey = (boards: readonly Board[], options: BoardsOptions): Survey => ({
  name: BOARDS_SURVEY,
  read: (_, skipped) =>
    ofEach(
      boards.map((board) => ({ id: board.host, board })),
      async ({ id: host, board }) =>
        (await sensorsOf(board, options)).flatMap(({ meter, sensor, value }): MeterReading[] => {
          if (value >= 0n) return [{ meter, value, source: board.by, resource: `${host}/${sensor}`, dimensions: {} }];
          skipped(`${host}/${sensor}`, new ApiError("unreadable", "a reading below zero has no meter"));
          return [];
        }),
      skipped,
      TOGETHER,
    ),
});

async function sensorsOf(board: Board, options: BoardsOptions): Promise<SensorReading[]> {
  if (board.by === "ipmi")
    return ipmiSensors({ ...options, command: options.ipmitool }, board.address).catch(asApiError);
  await using service = redfish(board.address, options);
  return await redfishSensors(service);
}

function asApiError(error: unknown): never {
  if (!(error instanceof IpmiFailed)) throw error;
  throw new ApiError(error.reason === "timed_out" ? "timed_out" : "unreachable", error.message, { cause: error });
}
