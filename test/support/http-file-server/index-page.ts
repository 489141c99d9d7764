export type IndexStyle = 'nginx' | 'nginx-json' | 'apache' | 'python' | 'off';

interface Entry {
  /** A folder ends in a slash. */
  name: string;
  size: number;
}

/** A directory index as the real servers write it. */
export function renderIndex(
  style: IndexStyle,
  folder: string,
  entries: Entry[],
): { contentType: string; body: string } {
  switch (style) {
    case 'nginx':
      return { contentType: 'text/html', body: nginxPage(folder, entries) };
    case 'nginx-json':
      return { contentType: 'application/json', body: JSON.stringify(entries.map(jsonEntry)) };
    case 'apache':
      return { contentType: 'text/html;charset=UTF-8', body: apachePage(folder, entries) };
    case 'python':
      return { contentType: 'text/html; charset=utf-8', body: pythonPage(folder, entries) };
    case 'off':
      return { contentType: 'text/plain', body: 'It works!' };
  }
}

function nginxPage(folder: string, entries: Entry[]): string {
  const rows = entries.map(
    ({ name, size }) =>
      `<a href="${href(name)}">${escape(name).slice(0, 50)}</a>   22-Nov-2026 10:51   ${size}`,
  );
  return `<html>\r\n<head><title>Index of /${escape(folder)}</title></head>\r\n<body>\r\n<h1>Index of /${escape(folder)}</h1><hr><pre><a href="../">../</a>\r\n${rows.join('\r\n')}\r\n</pre><hr></body>\r\n</html>\r\n`;
}

function apachePage(folder: string, entries: Entry[]): string {
  const rows = entries.map(
    ({ name }) =>
      `<tr><td valign="top"><img src="/icons/unknown.gif" alt="[   ]"></td><td><a href="${href(name)}">${escape(name).slice(0, 20)}..&gt;</a></td><td align="right">1.4M</td></tr>`,
  );
  return `<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 3.2 Final//EN">\n<html>\n <head>\n  <title>Index of /${folder}</title>\n </head>\n <body>\n<h1>Index of /${folder}</h1>\n  <table>\n   <tr><th><a href="?C=N;O=D">Name</a></th><th><a href="?C=S;O=A">Size</a></th></tr>\n<tr><td><a href="/">Parent Directory</a></td></tr>\n${rows.join('\n')}\n</table>\n</body></html>\n`;
}

function pythonPage(folder: string, entries: Entry[]): string {
  const rows = entries.map(({ name }) => `<li><a href="${href(name)}">${escape(name)}</a></li>`);
  return `<!DOCTYPE HTML>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>Directory listing for /${folder}</title>\n</head>\n<body>\n<h1>Directory listing for /${folder}</h1>\n<hr>\n<ul>\n${rows.join('\n')}\n</ul>\n<hr>\n</body>\n</html>\n`;
}

function jsonEntry({ name, size }: Entry) {
  const mtime = 'Sun, 22 Nov 2026 10:51:26 GMT';
  return name.endsWith('/')
    ? { name: name.slice(0, -1), type: 'directory', mtime }
    : { name, type: 'file', mtime, size };
}

function href(name: string): string {
  return encodeURIComponent(name).replaceAll('%2F', '/').replaceAll("'", '&#39;');
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
