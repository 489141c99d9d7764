import { isFolderLocation, isUrl } from '../../domain/manifest/location-form.ts';
import { describe, FieldError } from '../../protocol/fields.ts';
import type { AskedManifest } from '../check-manifest.ts';
import type { CurrentRun } from '../current-run.ts';

/** Bytes of a body with a manifest: room for some 40,000 slices. */
export const MANIFEST_LIMIT = 16 * 1024 * 1024;

const MAX_FOLDER = 4096;
/** Options that are added, and characters of one. */
const MAX_OPTIONS = 100;
const MAX_OPTION = 1000;

/** A manifest as a request has it, before anything of it has been looked at. */
export interface RawManifest {
  /** null: that of the current run. */
  text: string | null;
  folder: unknown;
  nodeosVersion: unknown;
  nodeosOptions: unknown;
}

/**
 * The manifest that a request is about.
 * @throws FieldError when what stands beside its text is of a wrong type, HttpError
 */
export async function askedManifest(raw: RawManifest, run: CurrentRun): Promise<AskedManifest> {
  const { text, folder } = raw.text === null ? await run.manifest() : { text: raw.text, folder: run.folder };
  // Bytes that are no UTF-8 were replaced when they were read, and a path would name another file.
  if (text.includes('\uFFFD')) throw new FieldError('The manifest must be UTF-8');
  return {
    text,
    folder: folderOf(raw.folder) ?? folder,
    nodeosVersion: versionOf(raw.nodeosVersion),
    nodeosOptions: optionsOf(raw.nodeosOptions),
  };
}

function folderOf(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  const isFolder =
    typeof value === 'string' &&
    value.length <= MAX_FOLDER &&
    (isUrl(value) || value.startsWith('/')) &&
    isFolderLocation(value);
  if (isFolder) return value;
  throw new FieldError(
    `manifest_folder must be an absolute path or the URL of a folder, and is ${describe(value)}`,
  );
}

function versionOf(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string' && value.length <= MAX_FOLDER) return value;
  throw new FieldError(`nodeos_version must be a string, and is ${describe(value)}`);
}

function optionsOf(value: unknown): string[] {
  if (value === undefined || value === null) return [];
  const isList =
    Array.isArray(value) &&
    value.length <= MAX_OPTIONS &&
    value.every((option) => typeof option === 'string' && option.length <= MAX_OPTION);
  if (isList) return value as string[];
  throw new FieldError(
    `nodeos_options must be a list of at most ${MAX_OPTIONS} strings, and is ${describe(value)}`,
  );
}
