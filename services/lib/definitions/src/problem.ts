/** What is wrong with a definition, and where. */
export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** `metric[3].volume`; empty where it is the whole file. */
  readonly field: string;
  readonly says: string;
}

export const sentenceOf = ({ file, line, column, field, says }: Problem): string =>
  `${file}:${line}:${column}: ${field === "" ? "" : `${field}: `}${says}`;
