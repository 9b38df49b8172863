import { describeBus } from "../conformance.ts";
import { memoryBus } from "./memory.ts";

describeBus("memory", async (limits) => memoryBus(limits));
