import { open } from 'node:fs/promises';

/** `e_machine` in the ELF header (System V ABI) → the name that Node gives the architecture. */
const MACHINES = new Map([
  [0x03, 'ia32'],
  [0x28, 'arm'],
  [0x3e, 'x64'],
  [0xb7, 'arm64'],
  [0xf3, 'riscv64'],
]);

/**
 * The architecture that a program was built for, as in `process.arch`; null when it is no ELF file
 * (a script), or one for a machine that is not in the table. Starting it would not tell: for a foreign
 * program execvp falls back to the shell, which complains about its syntax.
 */
export async function elfArchitecture(path: string): Promise<string | null> {
  const file = await open(path, 'r');
  try {
    const header = Buffer.alloc(20);
    const { bytesRead } = await file.read(header, 0, header.length, 0);
    if (bytesRead < header.length || header.readUInt32BE(0) !== 0x7f454c46) return null;
    return MACHINES.get(header.readUInt16LE(18)) ?? null;
  } finally {
    await file.close();
  }
}
