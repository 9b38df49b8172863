import { dial } from "./reading.ts";
import { label, labels, number } from "./said.ts";
import type { Dialling } from "./survey.ts";

export async function imageDials(): Promise<Dialling> {
  const seen = new Set<string>();
  return {
    item(said) {
      const id = label(said, "id");
      if (seen.has(id)) return [];
      seen.add(id);
      const of = { ...labels(said, { id: "id", name: "name", visibility: "visibility", status: "status" }) };
      const createdAt = Date.parse(label(said, "created_at")) / 1_000;
      const whose = { ...of, tenant_id: label(said, "owner"), hidden: label(said, "os_hidden") };
      return [
        ...dial("openstack_glance_image_bytes", whose, number(said, "size")),
        ...dial("openstack_glance_image_created_at", whose, createdAt),
      ];
    },
    total: () => dial("openstack_glance_images", {}, seen.size),
  };
}
