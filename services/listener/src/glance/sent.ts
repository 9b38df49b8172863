import type { Notification } from "@raingauge/openstack";
import { attributes, texts } from "../attributes.ts";
import { count, needed, text } from "../fields.ts";
import { type Heard, heard, type Place } from "../heard.ts";
import { added, saidAt, told } from "../telling.ts";

/** `image.send`: bytes of an image that left, told of its owner who served them and of the project that fetched them. */
export function sent(notification: Notification, { region }: Place): Heard {
  const { payload } = notification;
  const image = needed(payload, "image_id");
  const owner = text(payload, "owner_id");
  const receiver = text(payload, "receiver_tenant_id");
  const value = count(payload, "bytes_sent");
  const event = told(notification, {
    region,
    source: "glance",
    ...(owner === undefined ? {} : { project: owner }),
    attributes: attributes({
      ...texts(payload, ["image_id", "receiver_tenant_id", "receiver_user_id", "destination_ip"]),
      bytes_sent: String(value),
    }),
  });
  const moved = (meter: string, project: string | undefined) =>
    project === undefined
      ? []
      : [
          added(notification, {
            region,
            source: "glance",
            project,
            resource: image,
            meter,
            value,
            at: saidAt(notification),
            dimensions: {},
          }),
        ];
  return heard(event, [...moved("image.serve", owner), ...moved("image.download", receiver)]);
}
