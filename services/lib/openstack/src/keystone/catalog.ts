import { isObject } from "../notification.ts";
import { ApiError } from "./api-error.ts";
import type { Cloud } from "./cloud.ts";

/** Where each service is, as Keystone says with every token. */
export type Catalog = readonly Endpoint[];

export interface Endpoint {
  readonly type: string;
  readonly interface: string;
  readonly region: string;
  readonly url: string;
}

/** What is no endpoint in it is left out: one service's slip must not hide the others. */
export const catalogIn = (said: unknown): Catalog =>
  objects(said).flatMap(({ type, endpoints }) =>
    objects(endpoints).flatMap((endpoint): Endpoint[] => {
      const { interface: face, region, region_id, url } = endpoint;
      if (typeof type !== "string" || typeof url !== "string" || !URL.canParse(url)) return [];
      return [
        { type, interface: String(face), region: String(region ?? region_id ?? ""), url: url.replace(/\/+$/, "") },
      ];
    }),
  );

const objects = (said: unknown) => (Array.isArray(said) ? said.filter(isObject) : []);

/** Official names first, then what older clouds register. */
const ALIASES: Readonly<Record<string, readonly string[]>> = {
  "block-storage": ["block-storage", "volumev3", "block-store", "volume"],
  "shared-file-system": ["shared-file-system", "sharev2", "share"],
  "container-infrastructure-management": ["container-infrastructure-management", "container-infra"],
};

/**
 * The address of a service, with the version that is asked for where the catalog leaves it out. Throws ApiError, with what
 * there is instead.
 */
export function addressOf(
  catalog: Catalog,
  { region, interface: face }: Pick<Cloud, "region" | "interface">,
  service: string,
  version: string | undefined,
): string {
  const alike = Object.values(ALIASES).find((names) => names.includes(service)) ?? [];
  const types = ALIASES[service] ?? [...new Set([service, ...alike])];
  const mine = catalog.filter((each) => types.includes(each.type));
  const fitting = mine.filter((each) => each.interface === face && (region === undefined || each.region === region));
  const found = types.flatMap((type) => fitting.filter((each) => each.type === type))[0];
  if (found === undefined) {
    const there = mine.map((each) => `${each.interface} in ${each.region}`).join(", ");
    const wanted = `${face} endpoint of ${service}${region === undefined ? "" : ` in ${region}`}`;
    throw new ApiError("no_endpoint", `the catalog has no ${wanted}${there === "" ? "" : `, only ${there}`}`);
  }
  return version === undefined || VERSIONED.test(found.url) ? found.url : `${found.url}/${version}`;
}

const VERSIONED = /\/v\d+(\.\d+)?(\/|$)/;
