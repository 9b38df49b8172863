import type { Notification } from "@raingauge/openstack";
import { cinderTranslations } from "./cinder/cinder.ts";
import { glanceTranslations } from "./glance/glance.ts";
import { type Heard, ignoring, type Place, type Translation } from "./heard.ts";
import { neutronTranslations } from "./neutron/neutron.ts";
import { novaTranslations } from "./nova/nova.ts";

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
]);

/** What no table names. The services that have no meter yet are known as a whole, so that `unknown_type` stays rare. */
function byName({ type, priority }: Notification): Translation {
  if (type.endsWith(".start")) return ignoring("begins");
  if (type.endsWith(".error") || priority === "error") return ignoring("failed");
  return ignoring(UNMETERED.test(type) ? "not_metered" : "unknown_type");
}

const UNMETERED = /^(identity|orchestration|objectstore)\./;
