import { spawn, spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onPath } from "./path.mjs";
import { say } from "./say.mjs";

/** Installs Debian packages, without starting their services. Returns undefined, or the sentence that says what to type. */
export const ensureSystemPackages = async (packages) => {
  if (onPath("apt-get") === undefined) return `${packages.join(", ")} missing, and no apt-get here: please install it`;
  const line = `apt-get install -y --no-install-recommends ${packages.join(" ")}`;
  const rights = rightsToInstall();
  if (rights === undefined) return `${packages.join(", ")} missing, and no right to install: type "sudo ${line}"`;
  say(`installing ${packages.join(", ")} from the system's packages (${line}), kept from starting as services`);
  const failure = await install(rights, packages);
  return failure === undefined ? undefined : `${packages.join(", ")} could not be installed:\n${failure}`;
};

const rightsToInstall = () => {
  if (process.getuid?.() === 0) return [];
  return spawnSync("sudo", ["-n", "true"], { stdio: "ignore" }).status === 0 ? ["sudo", "-n"] : undefined;
};

/**
 * The shell has a session and a log file of its own: should we be interrupted or killed, it still finishes what dpkg has
 * begun, and takes back the policy that keeps services from starting.
 */
const install = (rights, packages) =>
  new Promise((resolve) => {
    const folder = mkdtempSync(join(tmpdir(), "raingauge-apt-"));
    const log = openSync(join(folder, "log"), "a");
    const [command, ...args] = [...rights, "/bin/sh", "-c", SCRIPT, "raingauge", ...packages];
    const shell = spawn(command, args, { detached: true, stdio: ["ignore", log, log] });
    const settle = (succeeded) => {
      const failure = succeeded ? undefined : readFileSync(join(folder, "log"), "utf8").trimEnd();
      rmSync(folder, { recursive: true, force: true });
      resolve(failure);
    };
    closeSync(log);
    shell.once("error", () => settle(false));
    shell.once("exit", (code) => settle(code === 0));
  });

/**
 * A policy of the operator's own is put aside and put back; one that says MARK was left behind by a run that was killed
 * outright. The second attempt is for package lists that are missing or out of date.
 */
const MARK = "put here by raingauge while it installs packages";
const SCRIPT = `
set -u
policy=/usr/sbin/policy-rc.d
aside=$policy.before-raingauge
restore() { rm -f "$policy"; if [ -e "$aside" ]; then mv "$aside" "$policy"; fi; }
exec 9>/run/raingauge-apt.lock
flock 9
trap restore EXIT
trap 'exit 143' HUP INT TERM
if [ -e "$policy" ] && ! grep -q "${MARK}" "$policy"; then mv "$policy" "$aside"; fi
printf '#!/bin/sh\\n# ${MARK}\\nexit 101\\n' > "$policy"
chmod 755 "$policy"
export DEBIAN_FRONTEND=noninteractive
install() { apt-get install -y -q --no-install-recommends -o DPkg::Lock::Timeout=120 "$@" 9>&-; }
install "$@" || { apt-get update -q -o DPkg::Lock::Timeout=120 9>&- && install "$@"; }
`;
