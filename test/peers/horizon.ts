import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { privateFolder, privatePort, type Server, serve, systemEngine } from "@raingauge/harness";

const PANELS = "/usr/lib/python3/dist-packages/cloudkittydashboard";

export const horizonLacks = (): readonly string[] =>
  [
    ["/usr/share/openstack-dashboard/manage.py", "openstack-dashboard"],
    [PANELS, "python3-cloudkitty-dashboard"],
    ["/usr/bin/chromium", "chromium"],
  ].flatMap(([path = "", name = ""]) => (existsSync(path) ? [] : [name]));

/** Debian's Horizon with the rating panels, over a Keystone, as its package sets it up but for where that is. */
export async function horizon(identity: string): Promise<Server> {
  const port = await privatePort();
  const folder = privateFolder("horizon");
  writeFileSync(
    join(folder, "horizon_beside_raingauge.py"),
    `from openstack_dashboard.settings import *
ALLOWED_HOSTS = ["127.0.0.1"]
OPENSTACK_KEYSTONE_URL = "${identity}"
SECRET_KEY = "${crypto.randomUUID()}"
SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
LOGGING = {"version": 1, "disable_existing_loggers": False}
`,
  );
  return serve(
    `http://127.0.0.1:${port}`,
    systemEngine({
      folder,
      greeting: { port, hello: Buffer.from("GET /auth/login/ HTTP/1.0\r\n\r\n"), welcome: "HTTP/1" },
      command: {
        path: "/usr/bin/env",
        args: [
          "DJANGO_SETTINGS_MODULE=horizon_beside_raingauge",
          `PYTHONPATH=${folder}`,
          ...["/usr/bin/python3", "-m", "django", "runserver", "--noreload", "--insecure", `127.0.0.1:${port}`],
        ],
        farewell: "SIGTERM",
      },
    }),
  );
}
