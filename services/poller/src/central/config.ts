import { type Cloud, CloudError, cloudFrom, type RadosAddress } from "@raingauge/openstack";
import {
  authority,
  authorityProblem,
  count,
  type Environment,
  flag,
  list,
  optional,
  PREFIX,
  type Reader,
  readConfig,
  seconds,
  secretFile,
  text,
} from "@raingauge/runtime";
import { POLLER_READERS } from "../config.ts";
import { definedReader } from "../dynamic/defined-reader.ts";
import { BoardsUnreadable, boardsIn } from "../sensors/boards.ts";
import { BOARDS_SURVEY } from "../sensors/boards-survey.ts";
import { RADOSGW_SURVEY } from "./dials/radosgw.ts";
import { SURVEYS } from "./dials/surveys.ts";
import { SOURCES } from "./sources.ts";

/**
 * The cloud that `RAINGAUGE_OS_CLOUD` names in clouds.yaml, or else the one that OpenStack's own `OS_*` variables
 * describe; undefined where neither does.
 */
export const cloudReader = (env: Environment): Reader<Cloud | undefined> => ({
  names: ["OS_CLOUD"],
  read(look, problem) {
    try {
      return trusted(cloudFrom(env, look("OS_CLOUD")), problem);
    } catch (error) {
      if (!(error instanceof CloudError)) throw error;
      for (const sentence of error.problems) problem(sentence);
      return undefined;
    }
  },
});

/** What a cloud is told by may name a file. */
function trusted(cloud: Cloud | undefined, problem: (sentence: string) => void): Cloud | undefined {
  const wrong = cloud?.caFile === undefined ? undefined : authorityProblem(cloud.caFile);
  if (wrong !== undefined) problem(`the cloud's cacert cannot be used: ${wrong}`);
  return cloud;
}

const neededCloud = (env: Environment): Reader<Cloud> => {
  const reader = cloudReader(env);
  return {
    names: reader.names,
    read(look, problem) {
      let isTold = false;
      const cloud = reader.read(look, (sentence) => {
        isTold = true;
        problem(sentence);
      });
      if (cloud === undefined && !isTold)
        problem(`${PREFIX}OS_CLOUD, OS_CLOUD or OS_AUTH_URL and its like must say which cloud to ask`);
      return cloud ?? NO_CLOUD;
    },
  };
};

/** Stands where a problem was named; never used. */
const NO_CLOUD: Cloud = {
  authUrl: "",
  interface: "public",
  verify: true,
  identity: { kind: "application_credential", credential: { id: "" }, secret: () => "" },
};

/** How many minutes lie between two sweeps; cron can only count them evenly within an hour. */
const sweepMinutes: Reader<number> = {
  names: ["SWEEP_INTERVAL"],
  read(look, problem) {
    const read = seconds("SWEEP_INTERVAL", { fallback: 5 * 60, min: 60, max: 3_600 }).read(look, problem);
    if (read > 0 && 3_600 % read !== 0) problem(`${PREFIX}SWEEP_INTERVAL must divide an hour evenly, as 5m or 15m do`);
    if (read % 60 !== 0) problem(`${PREFIX}SWEEP_INTERVAL must be whole minutes`);
    return read / 60;
  },
};

const NAMES = [...[...SOURCES, ...SURVEYS].map(({ name }) => name), RADOSGW_SURVEY, BOARDS_SURVEY];

const sweepSources: Reader<readonly string[]> = {
  names: ["SWEEP_SOURCES"],
  read(look, problem) {
    const chosen = list("SWEEP_SOURCES", { fallback: NAMES }).read(look, problem);
    const unknown = chosen.filter((name) => !NAMES.includes(name));
    if (unknown.length > 0) problem(`${PREFIX}SWEEP_SOURCES: ${unknown.join(", ")} is none of ${NAMES.join(", ")}`);
    return chosen;
  },
};

const COLLECTORS = [
  ...new Set([...SOURCES.map(({ dials }) => dials?.collector), ...SURVEYS.map(({ collector }) => collector)]),
].filter((name) => name !== undefined);

/** What is there only to be looked at may be left out: of a large cloud it is as much as what is billed. */
const sweepDials: Reader<readonly string[]> = {
  names: ["SWEEP_DIALS"],
  read(look, problem) {
    const chosen = list("SWEEP_DIALS", { fallback: COLLECTORS }).read(look, problem);
    const unknown = chosen.filter((name) => name !== "none" && !COLLECTORS.includes(name));
    if (unknown.length > 0) problem(`${PREFIX}SWEEP_DIALS: ${unknown.join(", ")} is none of ${COLLECTORS.join(", ")}`);
    return chosen;
  },
};

/** Ceph's object gateway, where one is named; Keystone's catalog does not say where it is administered. */
const radosgw: Reader<RadosAddress | undefined> = {
  names: ["RGW_URL", "RGW_ACCESS_KEY", "RGW_SECRET_KEY", "RGW_SECRET_KEY_FILE", "RGW_CA"],
  read(look, problem) {
    const named = look("RGW_URL");
    if (named === undefined) return undefined;
    if (!URL.canParse(named) || !/^https?:$/.test(new URL(named).protocol))
      problem(`${PREFIX}RGW_URL must be a URL that begins with http: or https:`);
    const accessKey = text("RGW_ACCESS_KEY").read(look, problem);
    const secret = secretFile("RGW_SECRET_KEY").read(look, problem);
    const caFile = optional(authority("RGW_CA")).read(look, problem);
    return { url: named, accessKey, secretKey: () => secret.reveal(), caFile, verify: true };
  },
};

/** The management boards whose sensors are read from here, in a file. */
const boards: Reader<string | undefined> = {
  names: ["BOARDS"],
  read(look, problem) {
    const file = look("BOARDS");
    if (file === undefined) return undefined;
    try {
      boardsIn(file);
    } catch (error) {
      if (!(error instanceof BoardsUnreadable)) throw error;
      for (const sentence of error.problems) problem(`${PREFIX}BOARDS: ${sentence}`);
    }
    return file;
  },
};

/** How the APIs are swept, whatever process does it. */
export const SWEEP_READERS = {
  sweepMinutes,
  sweepSources,
  sweepDials,
  radosgw,
  boards,
  /** How long one answer may take. */
  sweepSeconds: seconds("SWEEP_TIMEOUT", { fallback: 60 }),
  /** So many questions at once to one service. */
  sweepRequests: count("SWEEP_REQUESTS", { fallback: 4, max: 64 }),
  /** Whether several agents of a region share the sweeps among them; each needs a name of its own. */
  sweepShared: flag("SWEEP_SHARED", { fallback: false }),
  sweepPageItems: count("SWEEP_PAGE_ITEMS", { fallback: 1_000, max: 10_000 }),
} as const;

const { schedule, virsh, virshSeconds, libvirtUri, watchesHost, hostRoot, ...SHARED } = POLLER_READERS;

export const centralConfig = (env: Environment) =>
  readConfig(env, { definitions: definedReader, ...SHARED, ...SWEEP_READERS, cloud: neededCloud(env) }, [
    ...[schedule, virsh, virshSeconds, libvirtUri, watchesHost, hostRoot].flatMap(({ names }) => names),
  ]);

export type CentralConfig = ReturnType<typeof centralConfig>;
