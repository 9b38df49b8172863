/**
 * The body with every value removed whose key says that it is a secret, at any depth, also in JSON within a text (oslo wraps
 * its messages so). What holds no secret keeps its bytes, and so does what is not JSON: there are no keys to go by.
 */
export function redacted(body: Uint8Array): Uint8Array {
  const text = new TextDecoder().decode(body);
  const clean = redactedText(text);
  return clean === text ? body : new TextEncoder().encode(clean);
}

export const REDACTED = "***";

const SECRET =
  /pass(word|wd|phrase)?$|admin_?pass|secret|token|private_?key|api_?key|access_?key|auth_?key|credential|^psk$|pre_?shared_?key|user_?data|^authorization$|^cookie$|^x-auth/i;

const isSecret = (key: string): boolean => SECRET.test(key);

function redactedText(text: string): string {
  if (!/^\s*[[{]/.test(text)) return text;
  let found = false;
  const clean = (key: string, value: unknown): unknown => {
    if (value === null || value === "" || value === REDACTED) return value;
    if (isSecret(key)) {
      found = true;
      return REDACTED;
    }
    if (typeof value !== "string") return value;
    const inner = redactedText(value);
    found ||= inner !== value;
    return inner;
  };
  try {
    const said = JSON.stringify(JSON.parse(text), clean);
    return found ? said : text;
  } catch (error) {
    return error instanceof SyntaxError ? text : REDACTED;
  }
}
