const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char);
}

/** The style of the dashboard, under a name that does not change. */
export const STYLESHEET = '/assets/pages.css';

/** A page without scripts: the policy that it is sent with allows none. */
export function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)} · replay</title><link rel="stylesheet" href="${STYLESHEET}"></head>
<body><main class="plain"><h1>${escapeHtml(title)}</h1>
${body}
</main></body></html>
`;
}
