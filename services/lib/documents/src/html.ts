/** Markup that may stand in a page as it is. An object, so that no text can pass for it. */
export interface Html {
  readonly markup: string;
}

type Value = string | number | Html | readonly Html[];

/**
 * Markup with values in it: text is escaped, markup stays. Names of projects and resources are chosen by tenants and read
 * by finance, so there is no way to put in text unescaped.
 */
export const html = (parts: TemplateStringsArray, ...values: readonly Value[]): Html => ({
  markup: parts.map((part, index) => (index === 0 ? part : `${markup(values[index - 1] ?? "")}${part}`)).join(""),
});

export const NOTHING: Html = { markup: "" };

function markup(value: Value): string {
  if (typeof value === "string") return escaped(value);
  if (typeof value === "number") return String(value);
  return "markup" in value ? value.markup : value.map((each) => each.markup).join("");
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
