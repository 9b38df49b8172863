import { isObject, type Payload } from "@raingauge/openstack";
import { attributes } from "../attributes.ts";
import { audited, part } from "../cadf.ts";
import { count, MalformedNotification, text } from "../fields.ts";
import { heard, type Translation } from "../heard.ts";
import { added, saidAt, told } from "../telling.ts";

/** What the middleware in front of Swift says: one notification for each request that Swift answered. */
export const swiftTranslations = (): ReadonlyMap<string, Translation> =>
  new Map([["objectstore.http.request", request]]);

/**
 * A request, and the bytes that it brought or took. They are the account's, whoever asked: somebody without an account may
 * read what is public. The names of objects are their owner's affair and are not repeated.
 */
const request: Translation = (notification, { region }) => {
  const { payload } = notification;
  const { target: account, about } = audited(payload);
  if (account === undefined) throw new MalformedNotification("target.id is missing");
  const { initiator, action, outcome } = about;
  const target = part(payload, "target");
  const container = text(part(target, "metadata"), "container");
  const whose = { region, source: "swift", project: account };
  const event = told(notification, {
    ...whose,
    attributes: attributes({ initiator, action, outcome, method: text(target, "action"), account, container }),
  });
  const at = saidAt(notification);
  const amounts = used(payload);
  return heard(
    event,
    amounts.map(([meter, value]) =>
      added(notification, { ...whose, resource: account, meter, value, at, dimensions: {} }),
    ),
  );
};

/** Each request is one, whatever it moved. */
const used = (payload: Payload): readonly (readonly [meter: string, value: bigint])[] => [
  ["storage.api.request", 1n],
  ...measurements(payload).flatMap((measured) => {
    const meter = MOVED.find((name) => name === part(measured, "metric")["name"]);
    return meter === undefined ? [] : [[meter, count(measured, "result")] as const];
  }),
];

function measurements({ measurements: said }: Payload): Payload[] {
  if (said === undefined || said === null) return [];
  if (Array.isArray(said)) return said.filter(isObject);
  throw new MalformedNotification("measurements is not a list");
}

const MOVED: readonly string[] = ["storage.objects.incoming.bytes", "storage.objects.outgoing.bytes"];
