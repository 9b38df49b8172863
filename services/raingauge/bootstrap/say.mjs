export const say = (sentence) => process.stderr.write(`raingauge: ${sentence}\n`);

/** Something the machine lacks and we may not or cannot bring; its message is one sentence that says what to do. */
export class Refusal extends Error {}
