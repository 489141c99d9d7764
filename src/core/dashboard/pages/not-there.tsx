export function NotThere() {
  return (
    <>
      <h1>There is no such page</h1>
      <p>
        <a href="/">Progress of the run</a>
      </p>
    </>
  );
}
