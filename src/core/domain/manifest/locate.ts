import { visit } from 'jsonc-parser';

/** Where one key and its value stand in the text. Offsets count UTF-16 units from 0, lines from 1. */
export interface FieldPlace {
  readonly line: number;
  readonly keyStart: number;
  readonly keyEnd: number;
  valueStart: number;
  valueEnd: number;
}

export interface SlicePlace {
  readonly line: number;
  readonly start: number;
  /** By key, in the order of the file; more than one place when a key is repeated. */
  readonly fields: Map<string, FieldPlace[]>;
}

/**
 * Finds the entries of a manifest in its text, which must be valid JSON. Walks the text without
 * building a tree of it, and keeps the places only of the slices that are asked for.
 */
export function locateSlices(text: string, wanted: (sliceId: number) => boolean): Map<number, SlicePlace> {
  const places = new Map<number, SlicePlace>();
  let depth = 0;
  let sliceId = 1;
  let slice: SlicePlace | null = null;
  let field: FieldPlace | null = null;
  const beginEntry = (offset: number, line: number): void => {
    slice = { line: line + 1, start: offset, fields: new Map() };
    if (wanted(sliceId)) places.set(sliceId, slice);
  };
  const begin = (offset: number, _length: number, line: number): void => {
    if (depth === 1) beginEntry(offset, line);
    if (depth === 2 && field !== null) field.valueStart = offset;
    depth += 1;
  };
  const end = (offset: number, length: number): void => {
    depth -= 1;
    if (depth === 2 && field !== null) field.valueEnd = offset + length;
  };
  visit(text, {
    onArrayBegin: begin,
    onObjectBegin: begin,
    onArrayEnd: end,
    onObjectEnd: end,
    onObjectProperty: (key, offset, length, line) => {
      if (depth !== 2 || slice === null) return;
      const keyEnd = offset + length;
      field = { line: line + 1, keyStart: offset, keyEnd, valueStart: keyEnd, valueEnd: keyEnd };
      slice.fields.set(key, [...(slice.fields.get(key) ?? []), field]);
    },
    onLiteralValue: (_value, offset, length, line) => {
      if (depth === 1) beginEntry(offset, line);
      if (depth === 2 && field !== null) [field.valueStart, field.valueEnd] = [offset, offset + length];
    },
    onSeparator: (character) => {
      if (depth === 1 && character === ',') sliceId += 1;
    },
  });
  return places;
}
