import { describe, expect, it } from 'vitest';
import { RecentTexts } from '../../../src/core/orchestrator/events/recent-texts.ts';
import { ManualMonotonic } from './manual-monotonic.ts';

describe('the text of a change', () => {
  it('is made once for all who ask within a second, and then anew', () => {
    const clock = new ManualMonotonic();
    const texts = new RecentTexts(clock);
    expect(texts.of(1, () => 'first')).toBe('first');
    clock.advance(999);
    expect(texts.of(1, () => 'second')).toBe('first');
    expect(texts.of(2, () => 'other')).toBe('other');
    clock.advance(1);
    expect(texts.of(1, () => 'third')).toBe('third');
  });

  it('is not kept for ever', () => {
    const texts = new RecentTexts(new ManualMonotonic());
    texts.of(0, () => 'first');
    for (let change = 1; change <= 1000; change += 1) texts.of(change, () => 'x');
    expect(texts.of(0, () => 'again')).toBe('again');
  });
});
