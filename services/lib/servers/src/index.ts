export { answered, type Greeting } from "./answer.ts";
export { executable } from "./executable.ts";
export { natsExecutable, natsRecipe, ServerMissing, type Started, startNats } from "./nats.ts";
export { isFree, privatePort } from "./port.ts";
export { type Command, type Program, run } from "./program.ts";
export { type Certificates, rabbitExecutable, rabbitRecipe, startRabbit } from "./rabbit.ts";
