import { debianImage, hasDebianImage } from '../test/machines/support/image/debian-image.ts';

/** Makes the Debian that some tests boot beforehand, so that none of them has to wait for it. */
if (!hasDebianImage()) {
  process.stdout.write('Making the Debian that the tests boot, which takes a minute or two.\n');
  try {
    await debianImage();
  } catch (error) {
    // The tests that need it fail with it; the others need not.
    process.stderr.write(`${(error as Error).message}\n`);
  }
}
