import manifest from "../package.json" with { type: "json" };

/** The version of Raingauge; all of its workspaces carry the same. */
export const VERSION: string = manifest.version;
