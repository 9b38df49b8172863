import type { Notification } from "@raingauge/openstack";
import { type Heard, ignoring, type Place, type Translation } from "./heard.ts";
import { novaTranslations } from "./nova/nova.ts";

/**
 * What a notification comes to. Pure; the same notification always comes to the same. Throws MalformedNotification for
 * one of a type that we know whose payload is not what that type says.
 */
export function translate(notification: Notification, place: Place): Heard {
  return (TRANSLATIONS.get(notification.type) ?? bySuffix(notification))(notification, place);
}

const TRANSLATIONS: ReadonlyMap<string, Translation> = new Map([...novaTranslations()]);

function bySuffix({ type, priority }: Notification): Translation {
  if (type.endsWith(".start")) return ignoring("begins");
  return ignoring(type.endsWith(".error") || priority === "error" ? "failed" : "unknown_type");
}
