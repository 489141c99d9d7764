import type { Comparison } from './comparison.ts';
import { renderComparisonCsv } from './csv.ts';
import { comparisonJson } from './json.ts';
import { renderComparisonMarkdown } from './markdown.ts';
import { renderComparisonText } from './text.ts';

export const COMPARISON_FORMATS = ['text', 'json', 'markdown', 'csv'] as const;
export type ComparisonFormat = (typeof COMPARISON_FORMATS)[number];

/** The comparison as the content of a file, or of stdout. @param all with the text: also what is equal */
export function renderComparison(
  comparison: Comparison,
  format: ComparisonFormat,
  all: boolean,
  width: number | null = null,
): string {
  switch (format) {
    case 'text':
      return renderComparisonText(comparison, all, width);
    case 'json':
      return `${JSON.stringify(comparisonJson(comparison), null, 2)}\n`;
    case 'markdown':
      return renderComparisonMarkdown(comparison);
    case 'csv':
      return renderComparisonCsv(comparison);
  }
}
