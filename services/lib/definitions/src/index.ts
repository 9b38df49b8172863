export { type Aside, asideLine } from "./catalogue.ts";
export { type Converted, convert, type Nothing } from "./convert.ts";
export { type DefinitionFile, type Definitions, NONE, readDefinitions } from "./definitions.ts";
export { type EventDefinition, type Trait, traitsOf } from "./event-definition.ts";
export { exact } from "./exact.ts";
export { filesOf } from "./folder.ts";
export { parsedJson } from "./json.ts";
export { type Message, messageOf } from "./message.ts";
export type { MeterDefinition } from "./meter-definition.ts";
export { OperationError } from "./operation/syntax.ts";
export { intervalOf, isExcluded, type PollingSource } from "./polling/polling-source.ts";
export type { Extra } from "./pollster/extra.ts";
export {
  type AnswerEntry,
  type Answered,
  answered,
  type Further,
  furtherOf,
  identified,
  type PolledReading,
  polledOf,
} from "./pollster/polled.ts";
export type { Namespace, PollsterDefinition } from "./pollster/pollster-definition.ts";
export type { Asked, Handler, Question, Showing } from "./pollster/question.ts";
export { type Problem, sentenceOf } from "./problem.ts";
export { definitionsReader } from "./reader.ts";
export { type DefinedReading, isLeftOut, type LeftOut, readingsOf } from "./readings.ts";
