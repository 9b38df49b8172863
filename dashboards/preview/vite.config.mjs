import { join } from "node:path";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const modules = join(import.meta.dirname, "node_modules");

export default defineConfig({
  plugins: [react()],
  resolve: {
    alias: {
      "react-router-dom-v5-compat": "react-router-dom",
      // Not exported by the package, and what it exports in its place does not survive bundling.
      "table-ng": join(modules, "@grafana/ui/dist/esm/components/Table/TableNG/TableNG.mjs"),
    },
    dedupe: ["react", "react-dom"],
  },
  define: { "process.env.NODE_ENV": '"production"' },
  build: { chunkSizeWarningLimit: 8000 },
});
