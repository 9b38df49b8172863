import {
  booleanOverrideProcessor,
  identityOverrideProcessor,
  numberOverrideProcessor,
  standardEditorsRegistry,
  standardFieldConfigEditorRegistry,
  standardTransformers,
  standardTransformersRegistry,
  stringOverrideProcessor,
  thresholdsOverrideProcessor,
  unitOverrideProcessor,
} from "@grafana/data";

const nothing = () => null;

/** One option of a field, as Grafana's core registers it at its start. */
const option = (id, process) => ({
  id,
  path: id,
  name: id,
  editor: nothing,
  override: nothing,
  process,
  settings: {},
  shouldApply: () => true,
});

const FIELDS = [
  option("unit", unitOverrideProcessor),
  option("min", numberOverrideProcessor),
  option("max", numberOverrideProcessor),
  option("decimals", numberOverrideProcessor),
  option("displayName", stringOverrideProcessor),
  option("noValue", stringOverrideProcessor),
  option("color", identityOverrideProcessor),
  option("links", identityOverrideProcessor),
  option("mappings", identityOverrideProcessor),
  option("thresholds", thresholdsOverrideProcessor),
  option("filterable", booleanOverrideProcessor),
];

export function fillRegistries() {
  standardEditorsRegistry.setInit(() => []);
  standardFieldConfigEditorRegistry.setInit(() => FIELDS);
  standardTransformersRegistry.setInit(() => {
    const known = new Map(Object.values(standardTransformers).map((transformer) => [transformer.id, transformer]));
    return [...known.values()].map((transformer) => ({
      id: transformer.id,
      name: transformer.name,
      transformation: async () => transformer,
      editor: nothing,
    }));
  });
}

/** A panel's own options of a field: taken as they are. */
export const custom = (names) => (builder) => {
  for (const name of names)
    builder.addCustomEditor({
      id: name,
      path: name,
      name,
      editor: nothing,
      override: nothing,
      process: identityOverrideProcessor,
      shouldApply: () => true,
      settings: {},
    });
};
