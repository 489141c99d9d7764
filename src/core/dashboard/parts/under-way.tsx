/** Said where the person clicked, in the question and below the button, until it has come to its end. */
export function UnderWay({ isUnderWay, what }: { isUnderWay: boolean; what: string }) {
  return (
    <p role="status" class="under-way">
      {isUnderWay && `${what} is under way, and takes long. It goes on also when this page is closed.`}
    </p>
  );
}
