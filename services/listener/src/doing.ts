import type { Notification } from "@raingauge/openstack";
import { attributes } from "./attributes.ts";
import { type Heard, heard, type Place } from "./heard.ts";
import { told } from "./telling.ts";

/** Something that somebody did, of which no resource of ours looks different afterwards. */
export interface Doing {
  readonly source: string;
  readonly project?: string | undefined;
  /** What was done, to what, by whom. Only what is named is kept; never a payload as it came. */
  readonly about: Readonly<Record<string, string | undefined>>;
}

/** The event alone. */
export const done = (notification: Notification, { region }: Place, { source, project, about }: Doing): Heard =>
  heard(
    told(notification, {
      region,
      source,
      ...(project === undefined ? {} : { project }),
      attributes: attributes(about),
    }),
  );
