import { describe, expect, it } from "vitest";
import { isRational } from "../exact.ts";
import { evaluate } from "./evaluate.ts";
import { digits } from "./number.ts";
import { parseOperation } from "./parse.ts";
import type { Value } from "./syntax.ts";

const run = (text: string, value: Value = null): Value => plain(evaluate(parseOperation(text, ["value"]), { value }));

/** Numbers as digits, for the eye. */
const plain = (value: Value): Value => {
  if (isRational(value)) return digits(value);
  if (Array.isArray(value)) return value.map(plain);
  return value;
};

const links = [
  { rel: "prev", href: "http://a/1" },
  { rel: "next", href: "http://a/2" },
];

describe("an operation", () => {
  // Those with a § stand in Ceilometer's own documentation.
  it.each<[string, Value, Value]>([
    ["value.split('$')[0].strip()", "acme $acme", "acme"], // §
    ["value.split ('$')", "a$b", ["a", "b"]], // §
    ["value[0]", ["x", "y"], "x"], // §
    ["value['some_field'] if 'some_field' in value else ''", { some_field: 7 }, 7], // §
    ["value['some_field'] if 'some_field' in value else ''", {}, ""], // §
    ["filter(lambda v: v.get('rel') == 'next', value)", links, [links[1]]], // §
    ["value or { 'id': '' }", "", { id: "" }], // §
    ["','.join(value)", ["a", "b"], "a,b"], // §
    ["value.replace('http:', 'https:')", "http://a", "https://a"], // §
    ["'/v3/projects/' + str(value['id'])", { id: 7 }, "/v3/projects/7"], // §
    ["value * 1024", 3, "3072"],
    ["value / 3 * 3 == value", 0.1, true],
    ["0.1 + 0.2 == 0.3", null, true],
    ["round(value / 8, 2)", 1, "0.12"],
    ["round(2.5) + round(3.5)", null, "6"],
    ["(7 // 2, -7 // 2, -7 % 3, 2 ** 10, 2 ** -1)", null, ["3", "-4", "2", "1024", "0.5"]],
    ["int(value) + int('12')", 5.9, "17"],
    ["str(value)", { a: [1, null, true] }, '{"a": [1, null, true]}'],
    ["str(None) + str(True) + str(1.50)", null, "NoneTrue1.5"],
    ["sum(x['size'] for x in value if x['size'] > 1)", [{ size: 1 }, { size: 2 }, { size: 5 }], "7"],
    ["[k + '=' + v for k, v in value.items()]", { a: "1", b: "2" }, ["a=1", "b=2"]],
    ["sum(a * b for a in value for b in value if a < b)", [1, 2, 3], "11"],
    ["len([x for x in value if x is not None])", [1, null, 0], "2"],
    ["[max(value), min(3, 2), sorted(value)[-1]]", [4, 9, 1], [9, "2", 9]],
    ["value[1:3] + value[:1] + value[-1:]", "abcde", "bcae"],
    ["1 < value <= 5 and not value == 4", 5, true],
    ["'a' 'b' not in value", ["ab"], false],
    ["next(iter(value), 'none')", [], "none"],
    ["reduce(lambda a, b: a + b, value, 1)", [2, 3], "6"],
    ["list(map(lambda a, b: a * b, value, [10, 20]))", [1, 2], ["10", "40"]],
    ["(dict([('a', value)]).get('a', 0), {'x': 1}.get('y'))", 5, [5, null]],
    ["json.loads(value)['n']", '{"n": 9007199254740993}', "9007199254740993"],
    ["value.rsplit('/', 1)[1].upper().zfill(4)", "a/b/xy", "00XY"],
    ["value.startswith(('a', 'b')) or value.endswith('z')", "bc", true],
    ["[i for i, x in enumerate(value) if x][0]", [0, 3], "1"],
    ["value if value else 1 if True else 2", 0, "1"],
    ["any(value) and all(list(value))", [0, 1], false],
    ["'%s|' in value", "%s|", true],
  ])("%s", (text, value, expected) => {
    expect(run(text, value)).toEqual(expected);
  });

  it.each([
    ["__import__('os').system('id')", "“__import__” is not understood"],
    ["value.__class__", "“.__class__” is not understood"],
    ["value.format(value)", "“.format” is not understood"],
    ["().__class__.__bases__[0]", "“.__class__” is not understood"],
    ["open('/etc/passwd')", "“open” is not understood"],
    ["os.popen(value)", "“os” is not understood"],
    ["eval(value)", "“eval” is not understood"],
    ["re.sub('a', 'b', value)", "“re” is not understood: patterns are not"],
    ["time.time() - value", "an operation has no clock"],
    ["f'{value}'", "say it with + and str()"],
    ["value.split('$'", "“,” is missing"],
    ["value; value", "“; value” is not understood"],
    ["(lambda: value)()", "cannot be called"],
    ["[x for x in value][y]", "“y” is not understood"],
    [`${"(".repeat(80)}value${")".repeat(80)}`, "too deep"],
    ["constructor", "“constructor” is not understood"],
    ["toString()", "“toString” is not understood"],
  ])("is refused before it is ever used: %s", (text, says) => {
    expect(() => parseOperation(text, ["value"])).toThrow(says);
  });

  it.each<[string, Value, string]>([
    ["value['b']", { a: 1 }, "there is no such key in it"],
    ["value[3]", [1], "there is no item 3 in it"],
    ["value['constructor']", {}, "there is no such key in it"],
    ["value + 1", "a", "a text is no number"],
    ["value + 1", 2 ** 60, "rounded on its way"],
    ["value['psk'] + 1", { psk: "hunter2" }, "a text is no number"],
    ["1 / value", 0, "divided by nothing"],
    ["int('1.5')", null, "no whole number"],
    ["value < 1", "a", "have no order"],
    ["value.split('x')", 5, "5 is no text"],
    ["sum(1 for a in value for b in value for c in value for d in value)", Array(40).fill(1), "too much to compute"],
    ["10 ** 65", null, "the power of 64"],
    ["reduce(lambda a, b: a * a, value, 9)", Array(60).fill(1), "more than 400 digits"],
    ["value.replace('a', value)", "a".repeat(2_000), "more than 1000000 characters"],
    ["'a'.join(value)", Array(2_000).fill("a".repeat(1_000)), "more than 1000000 characters"],
    ["range(1000000000)", null, "more than 10000 items"],
  ])("comes to nothing, and says why: %s", (text, value, says) => {
    expect(() => run(text, value)).toThrow(says);
  });
});
