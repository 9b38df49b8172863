import type { Registration, Step } from "@raingauge/openstack";
import { type Environment, readConfig, text } from "@raingauge/runtime";
import { Argument, type Command } from "commander";
import { Refused } from "../client.ts";
import { print } from "./asking.ts";
import type { Surroundings } from "./door.ts";

interface RegisterOptions {
  readonly url: string;
  readonly internalUrl?: string;
  readonly adminUrl?: string;
  readonly region?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** Keystone's catalog, where clients look for us. */
export function addKeystone(program: Command, { env }: Surroundings): void {
  program
    .command("keystone")
    .description("bring our services and endpoints, `rating` and `metering`, into Keystone's catalog")
    .addArgument(new Argument("<what>", "register").choices(["register"]))
    .requiredOption("--url <url>", "where the API answers, as clients reach it: https://raingauge.example.org")
    .option("--internal-url <url>", "as the cloud's own services reach it (default: the same)")
    .option("--admin-url <url>", "as administrators reach it (default: the internal one)")
    .option("--region <name>", "the region (default: that of the cloud, or RAINGAUGE_REGION)")
    .option("--dry-run", "say what would be done, and do none of it")
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      "\nThe cloud is that of RAINGAUGE_OS_CLOUD in clouds.yaml, or of the OS_* variables; its user must be an administrator.",
    )
    .action(async (_what: string, options: RegisterOptions) => {
      const [{ register }, { cloud, region }] = await Promise.all([import("@raingauge/openstack"), cloudOf(env)]);
      const wanted = registrations(options, options.region ?? cloud.region ?? region);
      const steps = await register(cloud, wanted, {
        ...{ dryRun: options.dryRun === true, signal: AbortSignal.timeout(120_000) },
        ...{ timeoutSeconds: 30, endpointRequestsMax: 2 },
      });
      print(options, steps, () => steps.map((step) => sentenceFor(step, options.dryRun === true)).join("\n"));
    });
}

/** CloudKitty's clients append a version to `rating`; ours and the old `metering` begin at the root. */
function registrations(
  { url, internalUrl = url, adminUrl = internalUrl }: RegisterOptions,
  region: string,
): Registration[] {
  const [open, internal, admin] = [url, internalUrl, adminUrl].map(address);
  const under = (path: string) => ({ public: open + path, internal: internal + path, admin: admin + path });
  return [
    {
      type: "rating",
      name: "raingauge-rating",
      description: "Rating of usage, in CloudKitty's manner",
      region,
      urls: under("/rating"),
    },
    {
      type: "metering",
      name: "raingauge",
      description: "Raingauge: usage, costs and invoices",
      region,
      urls: under(""),
    },
  ];
}

function address(written: string): string {
  if (!URL.canParse(written) || !/^https?:$/.test(new URL(written).protocol))
    throw new Refused("an address begins with https: or http:, as https://raingauge.example.org");
  return written.replace(/\/+$/, "");
}

async function cloudOf(env: Environment) {
  const { cloudReader } = await import("@raingauge/poller");
  const names = ["RAINGAUGE_OS_CLOUD", "RAINGAUGE_REGION"];
  const ours = Object.fromEntries(
    Object.entries(env).filter(([name]) => !name.startsWith("RAINGAUGE_") || names.includes(name)),
  );
  const { cloud, region } = readConfig(ours, {
    cloud: cloudReader(env),
    region: text("REGION", { fallback: "RegionOne" }),
  });
  if (cloud === undefined)
    throw new Refused("no cloud was named: say which in RAINGAUGE_OS_CLOUD, or by OpenStack's own OS_* variables");
  return { cloud, region };
}

function sentenceFor({ what, of, url, instead }: Step, isDry: boolean): string {
  const where = url === undefined ? "" : `: ${url}`;
  if (what === "there already") return `there already: ${of}${where}`;
  const done = { make: isDry ? "would make" : "made", change: isDry ? "would change" : "changed" }[what];
  return `${done} ${of}${where}${instead === undefined ? "" : ` (was ${instead})`}`;
}
