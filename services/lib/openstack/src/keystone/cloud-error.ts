/** All that is wrong with what is written about a cloud, at once. Shows no secret. */
export class CloudError extends Error {
  override readonly name = "CloudError";
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join("; "));
    this.problems = problems;
  }
}
