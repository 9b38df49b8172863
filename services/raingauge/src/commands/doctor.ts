import { ConfigError, count, EXIT_CONFIG } from "@raingauge/runtime";
import type { Command } from "commander";
import { Refused } from "../client.ts";
import type { Finding } from "../doctor/finding.ts";
import { print } from "./asking.ts";
import { type DoorOptions, doorOf, doorplate, type Surroundings, withDoor } from "./door.ts";

interface DoctorOptions extends DoorOptions {
  readonly listen: string;
  readonly etc: string;
}

const SAYS = `
It reads the settings of the processes (RAINGAUGE_RABBIT_URL, RAINGAUGE_OS_CLOUD or OS_*, RAINGAUGE_NATS_URL, RAINGAUGE_LEDGER_URL,
RAINGAUGE_STORE_URL) and asks what they name; what is not named is skipped. It changes nothing: it listens on a queue of its own, says
one notification on each exchange that the listener ignores, logs in to Keystone and asks Swift for our own account.

Exit code: 0 where nothing is wrong, 1 where something is, 2 where the settings are.`;

/** What an operator asks first when a bill misses something. */
export function addDoctor(program: Command, surroundings: Surroundings): void {
  withDoor(
    program
      .command("doctor")
      .description("ask the broker, the cloud, the bus and the stores what is off, and how to turn it on"),
  )
    .option("--listen <seconds>", "how long to listen to the broker", "10")
    .option("--etc <folder>", "where the settings of OpenStack's services are", "/etc")
    .addHelpText("after", SAYS)
    .action(async (options: DoctorOptions) => {
      const { doctor } = await import("../doctor/doctor.ts");
      const findings = await doctor({
        config: await configOf(surroundings),
        door: known(options, surroundings),
        natsUrl: doorplate(options.data ?? surroundings.dataFolder)?.natsUrl,
        etc: options.etc,
        listenMs: secondsOf(options.listen) * 1_000,
        signal: AbortSignal.timeout(OUTER_MS),
      });
      print(options, { findings }, () => report(findings));
      if (findings.some(({ verdict }) => verdict === "wrong")) process.exitCode = 1;
    });
}

/** Only ends what hangs. */
const OUTER_MS = 2 * 3_600_000;

async function configOf({ env }: Surroundings) {
  const { doctorConfig } = await import("../doctor/config.ts");
  try {
    return doctorConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) process.exitCode = EXIT_CONFIG;
    throw error;
  }
}

/** No service of ours need run yet. */
function known(options: DoctorOptions, surroundings: Surroundings) {
  try {
    return doorOf(options, surroundings);
  } catch (error) {
    if (error instanceof Refused && options.url === undefined && options.tokenFile === undefined) return undefined;
    throw error;
  }
}

function secondsOf(said: string): number {
  return count("SECONDS", { min: 0, max: 7_200 }).read(
    () => said,
    () => {
      throw new Refused(`--listen takes whole seconds from 0 to 7200, not ${said}`);
    },
  );
}

/** What is wrong comes last, where it is read first. */
function report(findings: readonly Finding[]): string {
  const lines = ORDER.flatMap((verdict) =>
    findings
      .filter((each) => each.verdict === verdict)
      .flatMap(({ part, says, mend }) => [
        `${verdict.padEnd(8)}${part.padEnd(11)}${says}`,
        ...(mend === undefined ? [] : [`${"".padEnd(19)}→ ${mend}`]),
      ]),
  );
  const count = findings.filter(({ verdict }) => verdict === "wrong").length;
  return [...lines, "", count === 0 ? "nothing is wrong" : `${count} thing${count === 1 ? " is" : "s are"} wrong`].join(
    "\n",
  );
}

const ORDER = ["well", "skipped", "off", "unsure", "wrong"] as const;
