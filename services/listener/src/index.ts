export { MalformedNotification } from "./fields.ts";
export type { Heard, Ignored, Place, Reason } from "./heard.ts";
export { isIgnored } from "./heard.ts";
export { translate } from "./translate.ts";
