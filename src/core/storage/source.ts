import { createFileSource } from './file-source.ts';
import { createHttpSource } from './http-source.ts';
import type { FileLocation, HttpLocation, Location, S3Location } from './location.ts';

export interface FileInfo {
  /** Bytes as stored; null when the server does not say. */
  readonly size: number | null;
  /** Changes when the content changes: an ETag, or what serves as one. null: there is none. */
  readonly etag: string | null;
}

export interface ReadRequest {
  /** The first byte wanted. */
  readonly offset: number;
  /** The `etag` of the bytes before `offset`; null when none are held. */
  readonly ifMatch: string | null;
  readonly signal: AbortSignal;
}

/** A file that is being read. `size` is that of the whole file, not of the rest. */
export interface OpenFile extends FileInfo {
  /** Where the stream really begins: 0 when the server does not do ranges. */
  readonly offset: number;
  /** The server's word on what it is; null when it says nothing. */
  readonly contentType: string | null;
  readonly stream: AsyncIterable<Uint8Array>;
  /** Drops the connection. Safe to call at any time, more than once. */
  cancel(): void;
}

export interface ListedFile {
  /** Decoded, without any folder. */
  readonly name: string;
  /** Bytes as stored; null when the listing does not say. */
  readonly size: number | null;
}

/** Storage of one kind, asked once: nothing here retries. All throw SourceError. */
export interface SourceOf<L extends Location> {
  head(location: L, signal: AbortSignal): Promise<FileInfo>;
  read(location: L, request: ReadRequest): Promise<OpenFile>;
  /** The files (no folders) right in a folder, by name. A folder that does not exist is empty, as it is on S3. */
  list(folder: L, signal: AbortSignal): Promise<ListedFile[]>;
  /** Drops kept connections. */
  close(): void;
}

/** Storage of every kind. */
export type Source = SourceOf<Location>;

/**
 * Opens storage: files, HTTP(S) and S3 behind one face. Nothing is connected before it is used.
 *
 * @param env Where the AWS endpoint and region are looked up; the process's environment unless given.
 *   Credentials always come from the SDK's standard chain.
 */
export function openSource(env: NodeJS.ProcessEnv = process.env): Source {
  const file: SourceOf<FileLocation> = createFileSource();
  const http: SourceOf<HttpLocation> = createHttpSource();
  // The SDK takes longer to load than all other storage together, and most runs need none of it.
  let s3: Promise<SourceOf<S3Location>> | null = null;
  const loadS3 = async (): Promise<SourceOf<S3Location>> =>
    (await import('./s3-source.ts')).createS3Source(env);

  /** The method of the right source, already bound to the location. */
  async function on<T>(
    location: Location,
    use: <L extends Location>(source: SourceOf<L>, location: L) => Promise<T>,
  ): Promise<T> {
    switch (location.kind) {
      case 'file':
        return use(file, location);
      case 'http':
        return use(http, location);
      case 's3':
        return use(await (s3 ??= loadS3()), location);
    }
  }

  return {
    head: (location, signal) => on(location, (source, place) => source.head(place, signal)),
    read: (location, request) => on(location, (source, place) => source.read(place, request)),
    list: async (folder, signal) => {
      const files = await on(folder, (source, place) => source.list(place, signal));
      return files.toSorted((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)));
    },
    close: () => {
      for (const source of [file, http]) source.close();
      // One that could not be loaded has nothing to close; whoever asked for it was told.
      s3?.then(
        (source) => source.close(),
        () => {},
      );
    },
  };
}
