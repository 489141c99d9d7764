/**
 * What NeDB itself takes for so many documents of the size of a job, as it comes: inserted in one call,
 * loaded, updated one by one. Run in the runtime of the built file. Prints milliseconds as JSON.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Datastore from 'nedb-promises';

const UPDATES = 2_000;

interface Note {
  _id: string;
  [field: string]: unknown;
}

async function measure(count: number, filename: string): Promise<Record<string, number>> {
  const documents = Array.from({ length: count }, (_, index) => note(index));
  const first = Datastore.create({ filename });
  await first.load();
  const insertMs = await time(() => first.insertMany(documents));
  const second = Datastore.create({ filename });
  const loadMs = await time(() => second.load());
  const updateMs = await time(async () => {
    for (let index = 0; index < UPDATES; index += 1) {
      const document = { ...note(index % count), revision: index };
      await second.update({ _id: document._id }, document, { upsert: true });
    }
  });
  return { insertMs, loadMs, updateMs, updates: UPDATES };
}

/** About as long as the record of a slice with its job. */
function note(index: number): Note {
  const texts = Object.fromEntries(
    ['snapshot', 'expected', 'actual', 'worker'].map((key) => [key, 'x'.repeat(64)]),
  );
  const numbers = Object.fromEntries(Array.from({ length: 16 }, (_, field) => [`field${field}`, index]));
  return { _id: String(index + 1), slice: numbers, job: texts, revision: 1 };
}

async function time(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

const folder = await mkdtemp(join(tmpdir(), 'replay-nedb-'));
try {
  const result = await measure(Number(process.argv[2] ?? 1_000), join(folder, 'notes.db'));
  process.stdout.write(`${JSON.stringify(result)}\n`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
