import type { Logger } from '../log/logger.ts';
import type { JobStore } from '../store/job-store.ts';
import type { ManifestWriter } from './manifest-writer.ts';
import type { JobOffers } from './job-offers.ts';

/** What the handlers work with. */
export interface Context {
  store: JobStore;
  offers: JobOffers;
  /** null: the manifest file is left alone. */
  manifest: ManifestWriter | null;
  now: () => Date;
  logger: Logger;
}
