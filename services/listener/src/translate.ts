import type { Notification } from "@raingauge/openstack";
import { alarm } from "./aodh/aodh.ts";
import { cinderTranslations } from "./cinder/cinder.ts";
import { designateTranslations } from "./designate/designate.ts";
import { glanceTranslations } from "./glance/glance.ts";
import { type Heard, ignoring, type Place, type Translation } from "./heard.ts";
import { heatTranslations } from "./heat/heat.ts";
import { ironicTranslations } from "./ironic/ironic.ts";
import { identity } from "./keystone/keystone.ts";
import { magnumTranslations } from "./magnum/magnum.ts";
import { manilaTranslations } from "./manila/manila.ts";
import { neutronTranslations } from "./neutron/neutron.ts";
import { novaTranslations } from "./nova/nova.ts";
import { octaviaTranslations } from "./octavia/octavia.ts";
import { osloTranslations } from "./oslo/oslo.ts";
import { swiftTranslations } from "./swift/swift.ts";
import { troveTranslations } from "./trove/trove.ts";

/**
 * What a notification comes to. Pure; the same notification always comes to the same. Throws MalformedNotification for
 * one of a type that we know whose payload is not what that type says.
 */
export function translate(notification: Notification, place: Place): Heard {
  return (TRANSLATIONS.get(notification.type) ?? byName(notification))(notification, place);
}

const TRANSLATIONS: ReadonlyMap<string, Translation> = new Map([
  ...novaTranslations(),
  ...cinderTranslations(),
  ...glanceTranslations(),
  ...neutronTranslations(),
  ...swiftTranslations(),
  ...heatTranslations(),
  ...octaviaTranslations(),
  ...designateTranslations(),
  ...manilaTranslations(),
  ...magnumTranslations(),
  ...troveTranslations(),
  ...ironicTranslations(),
  ...osloTranslations(),
]);

/** What no table names. Whole families are known by their first word, so that `unknown_type` stays rare. */
function byName({ type, priority }: Notification): Translation {
  if (type.endsWith(".start")) return ignoring("begins");
  if (type.endsWith(".error") || priority === "error") return ignoring("failed");
  return FAMILIES.get(type.split(".", 1)[0] ?? "") ?? ignoring("unknown_type");
}

const FAMILIES: ReadonlyMap<string, Translation> = new Map<string, Translation>([
  ["identity", identity],
  ["alarm", alarm],
  // Where time went inside a request, with the statements of its database in it.
  ["profiler", ignoring("not_metered")],
  // What `raingauge doctor` says to see whether it arrives.
  ["raingauge", ignoring("not_metered")],
]);
