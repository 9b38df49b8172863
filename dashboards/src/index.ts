export { type Alert, type AlertGroup, secondsOf } from "./alert.ts";
export { ALERT_GROUPS } from "./alerts/groups.ts";
export { type Board, panelsOf } from "./board.ts";
export { BOARDS } from "./boards/boards.ts";
export { expanded } from "./macro.ts";
export type { Panel, Query } from "./panel.ts";
export { ruleFile, testFile } from "./rules.ts";
