import { withFetched } from './prices.ts';
import type { PricePoint } from './provider.ts';
import type { FleetSettings } from './settings/settings.ts';

/** Spot prices move within hours; those on demand hardly ever do. */
const FRESH_MS = 15 * 60_000;

/** After an attempt that brought not all of them. */
const AGAIN_MS = 60_000;

export interface PriceBookParts {
  readonly settings: FleetSettings;
  /** Asks for the prices of the types of the settings. */
  readonly fetch: (
    signal: AbortSignal,
  ) => Promise<{ prices: readonly PricePoint[]; warnings: readonly string[] }>;
  /** A line for people; the same one not twice in a row. */
  readonly warn: (line: string) => void;
  readonly now: () => number;
}

/**
 * The settings of a fleet with the prices that are fetched, if that is allowed. A price of the settings always
 * counts more. What was fetched once counts until there is something newer.
 */
export class PriceBook {
  readonly #parts: PriceBookParts;
  #settings: FleetSettings;
  #fetched: readonly PricePoint[] = [];
  #due = Number.NEGATIVE_INFINITY;
  #underWay: Promise<void> | null = null;
  #told = '';

  constructor(parts: PriceBookParts) {
    this.#parts = parts;
    this.#settings = parts.settings;
  }

  /** With the prices as they are known; nobody is asked. */
  get settings(): FleetSettings {
    return this.#settings;
  }

  /** With prices that are not old. */
  async current(signal: AbortSignal): Promise<FleetSettings> {
    const { settings, now } = this.#parts;
    if (settings.provider !== 'ec2' || !settings.ec2.fetchPrices) return settings;
    if (now() >= this.#due) {
      this.#underWay ??= this.#refresh(signal).finally(() => (this.#underWay = null));
      await this.#underWay;
    }
    return this.#settings;
  }

  async #refresh(signal: AbortSignal): Promise<void> {
    const { settings, fetch, now } = this.#parts;
    const { prices, warnings } = await fetch(signal);
    const isSame = (one: PricePoint, other: PricePoint): boolean =>
      one.type === other.type && one.purchase === other.purchase && one.zone === other.zone;
    const kept = this.#fetched.filter((old) => !prices.some((point) => isSame(old, point)));
    this.#fetched = [...prices, ...kept];
    this.#settings = { ...settings, prices: withFetched(settings.prices, this.#fetched) };
    this.#due = now() + (warnings.length === 0 ? FRESH_MS : AGAIN_MS);
    this.#tell(warnings);
  }

  #tell(warnings: readonly string[]): void {
    const text = warnings.join('\n');
    if (text !== this.#told) for (const line of warnings) this.#parts.warn(line);
    this.#told = text;
  }
}
