import type { SummaryRecord } from '../../protocol/summary-record.ts';

/** Share of the blocks that are done, in percent. */
export function shareOf({ total_blocks, blocks_processed }: SummaryRecord): number {
  return total_blocks === 0 ? 0 : (100 * blocks_processed) / total_blocks;
}

/** `42 %`, below ten `4.2 %`; never 100 before it is done, never 0 when something is. */
export function shareText(summary: SummaryRecord): string {
  const share = shareOf(summary);
  const digits = share < 10 || share > 99 ? 1 : 0;
  const factor = 10 ** digits;
  const cut = Math.floor(share * factor) / factor;
  return `${share > 0 && share < 100 ? cut.toFixed(digits) : String(share)} %`;
}
