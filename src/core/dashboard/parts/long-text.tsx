/** A message as it was reported, however long: what is too long is scrolled, and so the keyboard gets there. */
export function LongText({ text }: { text: string }) {
  const isLong = text.length > 1000 || text.split('\n').length > 12;
  return (
    <p class="long-text" tabIndex={isLong ? 0 : undefined}>
      {text}
    </p>
  );
}
