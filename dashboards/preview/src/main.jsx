import { createTheme, ThemeContext } from "@grafana/data";
import { initPluginTranslations } from "@grafana/i18n";
import * as runtime from "@grafana/runtime";
import { loadResources, sceneGraph, sceneUtils } from "@grafana/scenes";
import { GlobalStyles, PortalContainer } from "@grafana/ui";
import { createRoot } from "react-dom/client";
import { MemoryRouter } from "react-router-dom";
import { catchError, from, map, of } from "rxjs";
import { registerPanels } from "./panels.jsx";
import { Prometheus } from "./prometheus.js";
import { fillRegistries } from "./registries.js";
import { sceneOf } from "./scene.js";
import "./preview.css";

const asked = new URLSearchParams(window.location.search);

/** What Grafana's core would have given its libraries. */
function standIn(theme) {
  const nothing = () => undefined;
  const events = {
    publish: nothing,
    subscribe: () => ({ unsubscribe: nothing }),
    getStream: () => from([]),
    removeAllListeners: nothing,
    newScopedBus: () => events,
  };
  runtime.setAppEvents(events);
  runtime.setEchoSrv({ addEvent: nothing, flush: nothing, addBackend: nothing });
  runtime.setBackendSrv({ get: async () => ({}), post: async () => ({}), fetch: () => from([{ data: {} }]) });
  runtime.setPluginImportUtils({ importPanelPlugin: async () => undefined, getPanelPluginFromCache: () => undefined });
  runtime.setDataSourceSrv({
    get: async () => undefined,
    getList: () => [],
    getInstanceSettings: () => undefined,
    reload: nothing,
  });
  runtime.setRunRequest(asking);
  runtime.config.theme2 = theme;
  runtime.config.featureToggles = {};
}

/** One question, one answer: no streaming here. What fails is written where the photographer reads it. */
const asking = (datasource, request) =>
  datasource.query(request).pipe(
    map(({ data }) => ({ state: "Done", series: data, timeRange: request.range, request })),
    catchError((error) => {
      return of({
        state: "Error",
        series: [],
        errors: [{ message: String(error) }],
        timeRange: request.range,
        request,
      });
    }),
  );

async function main() {
  await initPluginTranslations("grafana-scenes", [loadResources]).catch(() => undefined);
  const theme = createTheme({ colors: { mode: asked.get("theme") ?? "dark" } });
  standIn(theme);
  fillRegistries();
  registerPanels();
  const board = await (await fetch(`/boards/${asked.get("board")}.json`)).json();
  const scene = sceneOf(board, Number(asked.get("end")));
  const template = (text, scoped) => sceneGraph.interpolate(scene, text, scoped, regexOf);
  for (const [uid, scrape] of [
    ["raingauge", 300],
    ["prometheus", 60],
  ])
    sceneUtils.registerRuntimeDataSource({ dataSource: new Prometheus(uid, scrape, template) });
  createRoot(document.getElementById("root")).render(
    <ThemeContext.Provider value={theme}>
      <GlobalStyles />
      <MemoryRouter>
        <div
          className="preview"
          style={{ background: theme.colors.background.canvas, color: theme.colors.text.primary }}
        >
          <h1>{board.title}</h1>
          <scene.Component model={scene} />
        </div>
      </MemoryRouter>
      <PortalContainer />
    </ThemeContext.Provider>,
  );
  scene.activate();
}

/** As the Prometheus data source does: several values as alternatives of a regular expression. */
const regexOf = (value) =>
  Array.isArray(value) ? `(${value.map(escaped).join("|")})` : value === ".+" ? value : String(value);
const escaped = (text) => String(text).replace(/[\\^$.*+?()[\]{}|]/g, "\\\\$&");

await main();
