const FORMS: readonly [format: string, name: string][] = [
  ['html', 'HTML'],
  ['markdown', 'Markdown'],
  ['csv', 'CSV'],
  ['junit', 'JUnit'],
  ['json', 'JSON'],
  ['text', 'text'],
];

/** The report of a run as a file, in each of its forms. */
export function ReportLinks({ runId }: { runId: number }) {
  return (
    <span class="report-links">
      {FORMS.map(([format, name]) => (
        <a
          key={format}
          href={`/report?run=${runId}&format=${format}`}
          download=""
          aria-label={`Report of run ${runId} as ${name}`}
        >
          {name}
        </a>
      ))}
    </span>
  );
}
