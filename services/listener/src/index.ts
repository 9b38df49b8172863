export { type Config, config, listenerSettings } from "./config.ts";
export { MalformedNotification } from "./fields.ts";
export { type Heard, type Ignored, isIgnored, type Place, type Reason } from "./heard.ts";
export { type Collaborators, type ListenOptions, listen } from "./listen.ts";
export { type ListenerMetrics, listenerMetrics } from "./metrics.ts";
export { type Outcome, outcomeOf } from "./outcome.ts";
export { type Replaying, replay } from "./replay.ts";
export { type Aside, type SetAside, SetAsideFull, setAsideIn } from "./set-aside.ts";
export { translate } from "./translate.ts";
