import type { Meter } from "../meter.ts";
import { counter, delta, gauge, heard, type Row, SWEPT_SILENCE_SECONDS, swept } from "./row.ts";
import { BYTES, each, type Unit } from "./unit.ts";

const account = (type: string, call: string, of: Unit): Row => ({
  of,
  type,
  sources: [swept(call)],
  silenceSeconds: SWEPT_SILENCE_SECONDS,
});

const swift = (of: Unit): Row => account("swift_account", "swift HEAD /v1/AUTH_<project>", of);
/** The resource is the container, `<account>/<container>`. */
const container = (of: Unit): Row => account("swift_container", "swift GET /v1/AUTH_<project>?format=json", of);
const asked = (of: Unit): Row => ({ of, type: "swift_account", sources: [heard("objectstore.http.request")] });

const radosgw = (of: Unit): Row => account("ceph_account", "radosgw GET /admin/bucket?uid=<project>&stats=true", of);
/** The resource is the bucket, `<project>/<bucket>`. */
const bucket = (of: Unit): Row => ({ ...radosgw(of), type: "ceph_bucket" });

export const SWIFT: readonly Meter[] = [
  gauge("storage.objects", swift(each("object"))),
  gauge("storage.objects.size", swift(BYTES)),
  gauge("storage.objects.containers", swift(each("container"))),
  gauge("storage.containers.objects", container(each("object"))),
  gauge("storage.containers.objects.size", container(BYTES)),
  delta("storage.api.request", asked(each("request"))),
  delta("storage.objects.incoming.bytes", asked(BYTES)),
  delta("storage.objects.outgoing.bytes", asked(BYTES)),
];

export const RADOSGW: readonly Meter[] = [
  gauge("radosgw.objects", radosgw(each("object"))),
  gauge("radosgw.objects.size", radosgw(BYTES)),
  gauge("radosgw.objects.containers", radosgw(each("container"))),
  gauge("radosgw.containers.objects", bucket(each("object"))),
  gauge("radosgw.containers.objects.size", bucket(BYTES)),
  counter("radosgw.api.request", {
    ...account("ceph_account", "radosgw GET /admin/usage?uid=<project>", each("request")),
    aliases: ["radosgw.usage"],
  }),
];
