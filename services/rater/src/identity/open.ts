import type { Ledger } from "@raingauge/ledger";
import { keystone } from "@raingauge/openstack";
import type { Log, Settings } from "@raingauge/runtime";
import { type Identity, inTurn } from "./identity.ts";
import { keystoneTokens } from "./keystone-tokens.ts";
import { localTokens } from "./local-tokens.ts";
import { projectNames } from "./project-names.ts";
import type { identityReaders } from "./settings.ts";

export type IdentitySettings = Settings<ReturnType<typeof identityReaders>>;

/** Callers wait for it, so it is short; a Keystone that has much to do may still take some seconds to check a password. */
const KEYSTONE = { timeoutSeconds: 10, attemptsMax: 2, endpointRequestsMax: 16 };

/** All who may know a caller, as configured. Local tokens come first: a Keystone that is down locks none of them out. */
export function openIdentity(
  settings: IdentitySettings,
  { ledger, log, signal }: { readonly ledger: Pick<Ledger, "caller">; readonly log: Log; readonly signal: AbortSignal },
): Identity & AsyncDisposable {
  const { keystoneCloud: cloud, keystoneCacheSeconds: cacheSeconds, keystoneServiceRoles: serviceRoles } = settings;
  const local = localTokens(ledger);
  if (cloud === undefined) return { ...local, [Symbol.asyncDispose]: async () => undefined };
  const roles = {
    admin: settings.keystoneAdminRoles,
    finance: settings.keystoneFinanceRoles,
    reader: settings.keystoneReaderRoles,
  };
  const asked = keystone(cloud, { ...KEYSTONE, signal });
  const known = keystoneTokens({ keystone: asked, log, now: Date.now }, { roles, serviceRoles, cacheSeconds });
  const names = projectNames({ keystone: asked, log, now: Date.now });
  return { ...inTurn(local, known), projectNames: names, [Symbol.asyncDispose]: () => asked[Symbol.asyncDispose]() };
}
