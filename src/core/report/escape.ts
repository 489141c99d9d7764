/**
 * What XML 1.0 does not allow at all, not even as a reference (section 2.2): control characters and
 * halves of surrogate pairs. Log lines of nodeos bring colour codes and broken bytes.
 */
const NOT_XML =
  // eslint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\uFFFE\uFFFF]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

/** Text without control codes: a terminal would obey them. What is taken out becomes U+FFFD. */
export function printable(text: string): string {
  return text.replaceAll(NOT_XML, '\uFFFD');
}

/** Text for HTML and XML, in an element or between double quotes. What cannot stand there becomes U+FFFD. */
export function escapeMarkup(text: string): string {
  return printable(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** The same between the quotes of an XML attribute, where a bare line break would become a space. */
export function escapeAttribute(text: string): string {
  return escapeMarkup(text).replaceAll('\t', '&#9;').replaceAll('\n', '&#10;').replaceAll('\r', '&#13;');
}
