import { describeSampleStore } from "../conformance.ts";
import { memoryStore } from "./memory.ts";

describeSampleStore(
  "memory",
  async () => ({ open: async (clock) => memoryStore({ clock }), [Symbol.asyncDispose]: async () => undefined }),
  { forgets: "it is memory", hoursNotCounted: "it measures from the readings each time" },
);
