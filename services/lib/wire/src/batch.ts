import { type Batch, type Sample, samplesIn } from "@raingauge/domain";
import { coverageOf } from "./coverage.ts";
import { type Document, document } from "./document.ts";
import { WireError } from "./error.ts";
import { eventsOf } from "./event.ts";
import { sampleColumns } from "./samples.ts";
import { Shapes } from "./shapes.ts";

/** Whom it protects: the collector's memory. What we send is a sixtieth of it; see `packets`. */
export const BATCH_BYTES_MAX = 4 * 1024 * 1024;

/** Throws WireError for whatever `encodeBatch` could not have said. */
export function decodeBatch(bytes: Uint8Array): Batch {
  const said = read(bytes);
  return {
    samples: samplesIn(sampleColumns(said)),
    events: eventsOf(said.events),
    coverage: coverageOf(said.coverage),
  };
}

/** The same, the samples in columns; they become objects only when somebody asks for them. */
export const decodeInColumns = (bytes: Uint8Array): Batch => inColumns(bytes);

/** For whoever reads many: what one message says as another did is read once. */
export function columnsDecoder(): (bytes: Uint8Array) => Batch {
  const shapes = new Shapes();
  return (bytes) => inColumns(bytes, shapes);
}

function inColumns(bytes: Uint8Array, shapes?: Shapes): Batch {
  const said = read(bytes);
  const columns = sampleColumns(said, shapes);
  let samples: readonly Sample[] | undefined;
  return {
    columns,
    get samples() {
      samples ??= samplesIn(columns);
      return samples;
    },
    events: eventsOf(said.events),
    coverage: coverageOf(said.coverage),
  };
}

function read(bytes: Uint8Array): Document {
  if (bytes.length > BATCH_BYTES_MAX)
    throw new WireError("too_large", `${bytes.length} bytes are more than the ${BATCH_BYTES_MAX} of a batch`);
  return document(json(bytes));
}

const UTF8 = new TextDecoder("utf-8", { fatal: true });

function json(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(UTF8.decode(bytes));
  } catch {
    throw new WireError("not_json", "not a JSON document in UTF-8");
  }
}
